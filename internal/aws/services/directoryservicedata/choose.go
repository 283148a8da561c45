package directoryservicedata

import (
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// Choose gives an account the sealed password that its person chose, and
// enables one that never had a password. An account that was disabled since is
// refused, for its person must not let themselves in; directory.ErrNoUser.
func (s *Service) Choose(tx *store.Tx, sc store.Scope, directoryID, name, sealed string) error {
	u, err := find(tx, sc, directoryID, name)
	if err != nil {
		return err
	}
	if u.Password != "" && !u.Enabled {
		return directory.Refuse(directory.Disabled)
	}
	return s.SetPassword(tx, sc, directoryID, name, sealed)
}
