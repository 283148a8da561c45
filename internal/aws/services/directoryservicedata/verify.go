package directoryservicedata

import (
	"context"
	"errors"
	"strings"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// Verify checks a password, for the directory server. Failures are kept before
// the answer tells of them. A password that was sealed by an earlier version is
// sealed anew when it is right.
func (s *Service) Verify(ctx context.Context, directoryID, userName, password string) (directory.Standing, error) {
	_, _, standing, err := s.prove(ctx, directoryID, userName, password)
	return standing, err
}

// prove is Verify, and whose password it was. The check itself runs outside of
// the transaction, for it is slow on purpose: what happens to the account
// meanwhile counts.
func (s *Service) prove(ctx context.Context, directoryID, userName, password string) (sc store.Scope, u *user, _ directory.Standing, err error) {
	var t *tries
	err = s.locate(ctx, directoryID, func(tx *store.Tx, at store.Scope, _ directory.Domain) error {
		sc = at
		u, t, err = withTries(tx, at, directoryID, userName)
		return err
	})
	switch {
	case errors.Is(err, directory.ErrNoUser):
		// As long as for a user who is there: else the time would tell who is.
		_, err := s.opens(ctx, "", password)
		return sc, nil, directory.Unknown, err
	case err != nil:
		return sc, nil, 0, err
	case t.locked(s.clk.Now()):
		return sc, u, directory.Locked, nil
	}
	ok, err := s.opens(ctx, u.Password, password)
	if err != nil {
		return sc, nil, 0, err
	}
	if !ok {
		standing, err := s.failed(ctx, sc, u)
		return sc, u, standing, err
	}
	u, standing, err := s.proved(ctx, sc, u, password)
	return sc, u, standing, err
}

// withTries is a user with the failures; directory.ErrNoUser.
func withTries(tx *store.Tx, sc store.Scope, directoryID, name string) (*user, *tries, error) {
	u, err := find(tx, sc, directoryID, name)
	if err != nil {
		return nil, nil, err
	}
	t, err := triesOf(tx, sc, directoryID, name)
	return u, t, err
}

// standing is that of an account whose password is right.
func (s *Service) standing(u *user) directory.Standing {
	switch {
	case !u.Enabled:
		return directory.Disabled
	case u.MustChange:
		return directory.MustChange
	case s.expired(u):
		return directory.Expired
	}
	return directory.Good
}

// expired tells whether a password is too old. That of an account of the
// plane's own never is: nobody could change it.
func (s *Service) expired(u *user) bool {
	return !u.Lasting && !u.PasswordSet.IsZero() && s.clk.Now().Sub(u.PasswordSet) > s.rules.MaxAge
}

// proved looks at an account again whose password was right, forgets failures
// and renews an old seal. Many who guess at once are not let in by the one who is
// right after the lock.
func (s *Service) proved(ctx context.Context, sc store.Scope, had *user, password string) (u *user, standing directory.Standing, err error) {
	sealed := ""
	if strings.HasPrefix(had.Password, oldName) {
		if sealed, err = s.seal(ctx, password); err != nil {
			return nil, 0, err
		}
	}
	var t *tries
	right := false
	look := func(tx *store.Tx) (err error) {
		right = false
		u, t, err = withTries(tx, sc, had.DirectoryID, had.Name)
		switch {
		case errors.Is(err, directory.ErrNoUser):
			u, standing, err = had, directory.Unknown, nil
		case err != nil:
		case t.locked(s.clk.Now()):
			standing = directory.Locked
		case u.Password != had.Password:
			standing = directory.WrongPassword // since just now
		default:
			right, standing = true, s.standing(u)
		}
		return err
	}
	if err = s.st.View(ctx, look); err != nil || !right || sealed == "" && t.Failures == 0 {
		return u, standing, err
	}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		if err := look(tx); err != nil || !right {
			return err
		}
		if err := unlock(tx, sc, u.DirectoryID, u.Name); err != nil || sealed == "" {
			return err
		}
		u.Password = sealed // when it was set was not kept, so it has no age
		return users.Put(tx, sc, u)
	})
	return u, standing, err
}

// ChangePassword gives an account a new password that its owner chose, who
// proves the old one: whose password has expired, or must be changed, may do
// so too. A *directory.Refusal says no to the old one, directory.ErrWeakPassword
// to the new, which may be none of the last 24, and directory.ErrTooSoon to
// both.
func (s *Service) ChangePassword(ctx context.Context, directoryID, userName, former, next string) error {
	sc, u, standing, err := s.prove(ctx, directoryID, userName, former)
	if err != nil {
		return err
	}
	if standing != directory.Good && standing != directory.Expired && standing != directory.MustChange {
		return directory.Refuse(standing)
	}
	if standing == directory.Good && s.clk.Now().Sub(u.PasswordSet) < s.rules.MinAge {
		return directory.ErrTooSoon
	}
	if err := s.acceptable(ctx, u, next); err != nil {
		return err
	}
	sealed, err := s.seal(ctx, next)
	if err != nil {
		return err
	}
	return s.st.Update(ctx, func(tx *store.Tx) error {
		now, err := find(tx, sc, directoryID, userName)
		if err != nil {
			return err
		}
		if now.Password != u.Password {
			return directory.Refuse(directory.WrongPassword) // somebody was faster
		}
		if !now.Enabled {
			return directory.Refuse(directory.Disabled) // a new password would enable it
		}
		now.setPassword(sealed, s.clk.Now(), s.rules.History)
		return users.Put(tx, sc, now)
	})
}

// acceptable checks a password that its owner chose against the policy.
func (s *Service) acceptable(ctx context.Context, u *user, next string) error {
	if why := directory.Weakness(next, u.Name); why != "" {
		return &directory.WeakPasswordError{Why: why}
	}
	for _, former := range append([]string{u.Password}, u.Former...) {
		used, err := s.opens(ctx, former, next)
		if err != nil {
			return err
		}
		if used {
			return &directory.WeakPasswordError{Why: directory.UsedOnce}
		}
	}
	return nil
}
