package directoryservicedata

import (
	"context"
	"errors"
	"fmt"

	"tamachi/internal/directory"
	"tamachi/internal/proof"
	"tamachi/internal/store"
)

// Seal makes the form in which a password is kept. It takes some 25 ms of a
// processor and 19 MiB, so callers do it before their transaction, and not many
// at once.
func (s *Service) Seal(ctx context.Context, password string) (string, error) {
	return s.seal(ctx, password)
}

// SealRandom makes the form in which a password of the plane's own is kept.
// Nobody guesses 190 random bits, so it is not slow, and a hundred desktops may
// prove theirs at once.
func (s *Service) SealRandom(password string) string {
	return proof.Hash(s.ids.Bytes(proof.SaltBytes), password, proof.Cost{KiB: 8, Rounds: 1})
}

// Enrol makes an enabled account of the plane's own (the administrator, a
// service account) with a sealed password; directory.ErrNameTaken if the name
// is taken.
func (s *Service) Enrol(tx *store.Tx, sc store.Scope, d directory.Domain, name, sealed string) error {
	u := &user{DirectoryID: d.ID, Name: name, Created: s.clk.Now(), Lasting: true}
	u.setPassword(sealed, s.clk.Now(), s.rules.History)
	rid := 0
	if name == directory.Administrator {
		rid = administratorRID
	}
	if err := insert(tx, sc, d, u, rid); err != nil {
		return fmt.Errorf("enrol %s in %s: %w", name, d.ID, err)
	}
	return nil
}

// SetPassword gives an account a sealed password, enables and unlocks it;
// directory.ErrNoUser if there is none of that name.
func (s *Service) SetPassword(tx *store.Tx, sc store.Scope, directoryID, name, sealed string) error {
	u, err := find(tx, sc, directoryID, name)
	if err != nil {
		return err
	}
	u.setPassword(sealed, s.clk.Now(), s.rules.History)
	if err := unlock(tx, sc, directoryID, name); err != nil {
		return err
	}
	return users.Put(tx, sc, u)
}

// Unlock forgets the failures of an account; directory.ErrNoUser if there is
// none of that name.
func (s *Service) Unlock(ctx context.Context, sc store.Scope, directoryID, name string) error {
	return s.st.Update(ctx, func(tx *store.Tx) error {
		if _, err := find(tx, sc, directoryID, name); err != nil {
			return err
		}
		return unlock(tx, sc, directoryID, name)
	})
}

// Remove removes an account; directory.ErrNoUser if there is none of that name.
func (s *Service) Remove(tx *store.Tx, sc store.Scope, directoryID, name string) error {
	u, err := find(tx, sc, directoryID, name)
	if err != nil {
		return err
	}
	err = errors.Join(
		leave(tx, sc, directoryID, name), unlock(tx, sc, directoryID, name), s.ports.Directories.Gone(tx, sc, directoryID, name),
	)
	if err != nil {
		return err
	}
	return users.Delete(tx, sc, users.Key(u))
}

// Dismiss removes everybody of a directory that is being deleted.
func (s *Service) Dismiss(tx *store.Tx, sc store.Scope, directoryID string) error {
	err := errors.Join(
		empty(tx, sc, &users, directoryID), empty(tx, sc, &groups, directoryID), empty(tx, sc, &memberships, directoryID),
		empty(tx, sc, &failures, directoryID),
	)
	if err != nil {
		return err
	}
	err = counters.Delete(tx, sc, directoryID)
	if errors.Is(err, store.ErrNotFound) { // it had its administrator only
		return nil
	}
	return err
}

// empty removes all records of a directory from a table.
func empty[R any](tx *store.Tx, sc store.Scope, of *store.Table[R], directoryID string) error {
	all, err := of.By(tx, sc, "directory", directoryID, store.Page{})
	if err != nil {
		return err
	}
	for _, r := range all {
		if err := of.Delete(tx, sc, of.Key(r)); err != nil {
			return err
		}
	}
	return nil
}

// User finds an account by name in any case and returns the name as it was
// created; found is false when there is none.
func (s *Service) User(tx *store.Tx, sc store.Scope, directoryID, name string) (written string, found bool, err error) {
	u, err := find(tx, sc, directoryID, name)
	if errors.Is(err, directory.ErrNoUser) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	return u.Name, true, nil
}

// UserExists tells whether a directory of this scope has a user, for those who
// are not in a transaction; directory.ErrNoDirectory if the scope has no such
// directory.
func (s *Service) UserExists(ctx context.Context, sc store.Scope, directoryID, name string) (bool, error) {
	var found bool
	err := s.st.View(ctx, func(tx *store.Tx) error {
		if _, err := s.ports.Directories.Book(tx, sc, directoryID); err != nil {
			return err
		}
		var err error
		_, found, err = s.User(tx, sc, directoryID, name)
		return err
	})
	return found, err
}

// Ask asks a directory of a scope, whoever keeps it, for other parts of the
// plane; directory.ErrNoDirectory if there is none of that id.
func (s *Service) Ask(ctx context.Context, sc store.Scope, directoryID string, ask func(directory.Roster) error) error {
	var b directory.Book
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		b, err = s.ports.Directories.Book(tx, sc, directoryID)
		return err
	})
	if err != nil {
		return err
	}
	if b.Roster != nil {
		return ask(b.Roster)
	}
	return ask(s.Roster(sc, b.Domain))
}
