package directoryservicedata

import (
	"context"
	"errors"
	"time"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// tries are the failed sign-ins of an account, kept until one succeeds.
type tries struct {
	DirectoryID string    `json:"directoryId"`
	User        string    `json:"user"` // folded
	Failures    int       `json:"failures"`
	Last        time.Time `json:"last"`
	Until       time.Time `json:"until,omitzero"` // locked until then
}

var failures = store.Table[tries]{
	Name:  "directoryservicedata.failures",
	Reach: store.Regional,
	Key:   func(t *tries) string { return userKey(t.DirectoryID, t.User) },
	Indexes: map[string]func(*tries) string{
		"directory": func(t *tries) string { return t.DirectoryID },
	},
}

// triesOf returns the failures of an account, none if there are none.
func triesOf(tx *store.Tx, sc store.Scope, directoryID, name string) (*tries, error) {
	t, err := failures.Get(tx, sc, userKey(directoryID, name))
	if errors.Is(err, store.ErrNotFound) {
		return &tries{DirectoryID: directoryID, User: fold(name)}, nil
	}
	return t, err
}

// locked tells whether the account is locked.
func (t *tries) locked(now time.Time) bool { return now.Before(t.Until) }

// fail counts one more failure.
func (t *tries) fail(r rules, now time.Time) {
	if now.Sub(t.Last) > r.Forget && !t.locked(now) {
		t.Failures = 0
	}
	t.Failures++
	t.Last = now
	if lock := r.lockFor(t.Failures); lock > 0 {
		t.Until = now.Add(lock)
	}
}

// failed keeps a failure of an account before the answer tells of it. One that
// was locked meanwhile does not tell: many who guess at once get no more answers
// than one after the other. Of a user who was removed nothing is kept, for the
// next one of that name.
func (s *Service) failed(ctx context.Context, sc store.Scope, u *user) (standing directory.Standing, err error) {
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		standing = directory.WrongPassword
		_, t, err := withTries(tx, sc, u.DirectoryID, u.Name)
		switch {
		case errors.Is(err, directory.ErrNoUser):
			return nil
		case err != nil:
			return err
		case t.locked(s.clk.Now()):
			standing = directory.Locked
			return nil
		}
		t.fail(s.rules, s.clk.Now())
		return failures.Put(tx, sc, t)
	})
	return standing, err
}

// unlock forgets the failures of an account.
func unlock(tx *store.Tx, sc store.Scope, directoryID, name string) error {
	err := failures.Delete(tx, sc, userKey(directoryID, name))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}
