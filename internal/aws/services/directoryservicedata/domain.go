package directoryservicedata

import (
	"errors"
	"strings"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// domain returns a directory of this scope, in this service's words when there
// is none.
func (s *Service) domain(tx *store.Tx, sc store.Scope, directoryID string) (directory.Domain, error) {
	d, err := s.ports.Directories.Domain(tx, sc, directoryID)
	if errors.Is(err, directory.ErrNoDirectory) {
		return d, noDirectory(directoryID)
	}
	return d, err
}

// realm returns the directory too, when its domain is the realm that was asked
// for. A realm is compared without regard to case and may end in a dot.
func (s *Service) realm(tx *store.Tx, sc store.Scope, directoryID string, realm *string) (directory.Domain, error) {
	d, err := s.domain(tx, sc, directoryID)
	if err != nil {
		return d, err
	}
	if realm != nil && !strings.EqualFold(strings.TrimSuffix(*realm, "."), d.Name) {
		return d, invalid(reasonRealm, "The realm %s is not the directory's own and there is no trust to it.", *realm)
	}
	return d, nil
}
