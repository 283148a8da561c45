package directoryservicedata

import (
	"context"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

var _ directory.Accounts = (*Service)(nil)

// locate returns a directory of the plane and where it is.
func (s *Service) locate(ctx context.Context, directoryID string, with func(tx *store.Tx, sc store.Scope, d directory.Domain) error) error {
	return s.st.View(ctx, func(tx *store.Tx) error {
		sc, d, err := s.ports.Directories.Locate(tx, directoryID)
		if err != nil {
			return err
		}
		return with(tx, sc, d)
	})
}

// Directory returns the names of a directory, for the directory server.
func (s *Service) Directory(ctx context.Context, directoryID string) (directory.Domain, error) {
	var found directory.Domain
	err := s.locate(ctx, directoryID, func(_ *store.Tx, _ store.Scope, d directory.Domain) error {
		found = d
		return nil
	})
	return found, err
}

// Lookup returns one account, for the directory server.
func (s *Service) Lookup(ctx context.Context, directoryID, userName string) (directory.Account, error) {
	var found directory.Account
	err := s.locate(ctx, directoryID, func(tx *store.Tx, sc store.Scope, d directory.Domain) error {
		u, err := find(tx, sc, directoryID, userName)
		if err != nil {
			return err
		}
		found = u.account(d)
		return nil
	})
	return found, err
}

// List returns accounts by name, for the directory server.
func (s *Service) List(ctx context.Context, directoryID, after string, limit int) ([]directory.Account, error) {
	var out []directory.Account
	err := s.locate(ctx, directoryID, func(tx *store.Tx, sc store.Scope, d directory.Domain) error {
		page := store.Page{Limit: limit}
		if after != "" {
			if !plain(after) {
				return nil // a forged position: there is nothing behind it
			}
			page.After = userKey(directoryID, after)
		}
		found, err := users.By(tx, sc, "directory", directoryID, page)
		out = make([]directory.Account, 0, len(found)) // the function may run again
		for _, u := range found {
			out = append(out, u.account(d))
		}
		return err
	})
	return out, err
}
