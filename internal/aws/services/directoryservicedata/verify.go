package directoryservicedata

import (
	"context"
	"errors"
	"strings"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// Verify checks a password, for the directory server. The check itself runs
// outside of the transaction, for it is slow on purpose. Failures are kept
// before the answer tells of them. A password that was sealed by an earlier
// version is sealed anew when it is right.
func (s *Service) Verify(ctx context.Context, directoryID, userName, password string) (directory.Standing, error) {
	var sc store.Scope
	var u *user
	var t *tries
	err := s.locate(ctx, directoryID, func(tx *store.Tx, at store.Scope, _ directory.Domain) error {
		var err error
		sc = at
		if u, err = find(tx, at, directoryID, userName); err != nil {
			return err
		}
		t, err = triesOf(tx, at, directoryID, userName)
		return err
	})
	switch {
	case errors.Is(err, directory.ErrNoUser):
		// As long as for a user who is there: else the time would tell who is.
		_, err := s.opens(ctx, "", password)
		return directory.Unknown, err
	case err != nil:
		return 0, err
	case t.locked(s.clk.Now()):
		return directory.Locked, nil
	}
	ok, err := s.opens(ctx, u.Password, password)
	switch {
	case err != nil:
		return 0, err
	case !ok:
		return directory.WrongPassword, s.failed(ctx, sc, u)
	}
	if err := s.proved(ctx, sc, u, t, password); err != nil {
		return 0, err
	}
	return s.standing(u), nil
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

// proved forgets failures and renews an old seal, if there is anything to do.
func (s *Service) proved(ctx context.Context, sc store.Scope, u *user, t *tries, password string) error {
	old := strings.HasPrefix(u.Password, oldName)
	if !old && t.Failures == 0 {
		return nil
	}
	sealed := ""
	if old {
		var err error
		if sealed, err = s.seal(ctx, password); err != nil {
			return err
		}
	}
	return s.st.Update(ctx, func(tx *store.Tx) error {
		if err := unlock(tx, sc, u.DirectoryID, u.Name); err != nil || !old {
			return err
		}
		now, err := find(tx, sc, u.DirectoryID, u.Name)
		if errors.Is(err, directory.ErrNoUser) || err == nil && now.Password != u.Password {
			return nil // removed, or changed meanwhile
		}
		if err != nil {
			return err
		}
		now.Password = sealed // when it was set was not kept, so it has no age
		return users.Put(tx, sc, now)
	})
}

// ChangePassword gives an account a new password that its owner chose, who
// proves the old one: whose password has expired, or must be changed, may do
// so too. A *directory.Refusal says no to the old one, directory.ErrWeakPassword
// to the new, which may be none of the last 24, and directory.ErrTooSoon to
// both.
func (s *Service) ChangePassword(ctx context.Context, directoryID, userName, former, next string) error {
	standing, err := s.Verify(ctx, directoryID, userName, former)
	if err != nil {
		return err
	}
	if standing != directory.Good && standing != directory.Expired && standing != directory.MustChange {
		return directory.Refuse(standing)
	}
	var sc store.Scope
	var u *user
	err = s.locate(ctx, directoryID, func(tx *store.Tx, at store.Scope, _ directory.Domain) (err error) {
		sc = at
		u, err = find(tx, at, directoryID, userName)
		return err
	})
	if err != nil {
		return err
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
