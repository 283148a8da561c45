package directoryservicedata

import (
	"context"
	"fmt"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// shelf is a directory that the plane itself keeps: within a transaction, or,
// when tx is nil, each method in one of its own.
type shelf struct {
	s  *Service
	sc store.Scope
	d  directory.Domain
	tx *store.Tx
}

var _ directory.Roster = (*shelf)(nil)

func (b *shelf) view(ctx context.Context, ask func(tx *store.Tx) error) error {
	if b.tx != nil {
		return ask(b.tx)
	}
	return b.s.st.View(ctx, ask)
}

func (b *shelf) update(ctx context.Context, do func(tx *store.Tx) error) error {
	if b.tx != nil {
		return do(b.tx)
	}
	return b.s.st.Update(ctx, do)
}

// batch is how many records a search reads at once.
const batch = 500

// ListUsers returns one page of users.
func (b *shelf) ListUsers(ctx context.Context, q directory.Query) ([]directory.Account, error) {
	if q.After != "" && !plain(q.After) {
		return nil, nil // a forged position: there is nothing behind it
	}
	return search(ctx, b, &users, q, (*user).account)
}

// search returns one page of the records that match, as others see them.
func search[R any, T interface {
	Values(attribute string) []string
}](ctx context.Context, b *shelf, of *store.Table[R], q directory.Query, see func(*R, directory.Domain) T) (out []T, err error) {
	err = b.view(ctx, func(tx *store.Tx) error {
		out = nil
		return walk(tx, b, of, q, func(r *R) bool {
			if seen := see(r, b.d); q.Matches(seen.Values) {
				out = append(out, seen)
			}
			return len(out) < q.Limit
		})
	})
	return out, err
}

// walk reads the records of a directory after a name until enough is false.
func walk[R any](tx *store.Tx, b *shelf, of *store.Table[R], q directory.Query, enough func(*R) bool) error {
	size := batch
	if len(q.Attributes) == 0 {
		size = q.Limit
	}
	after := ""
	if q.After != "" {
		after = userKey(b.d.ID, q.After)
	}
	for {
		found, err := of.By(tx, b.sc, "directory", b.d.ID, store.Page{After: after, Limit: size})
		if err != nil {
			return err
		}
		for _, r := range found {
			if !enough(r) {
				return nil
			}
			after = of.Key(r)
		}
		if len(found) < size {
			return nil
		}
	}
}

// User returns one user.
func (b *shelf) User(ctx context.Context, name string) (directory.Account, error) {
	var out directory.Account
	err := b.view(ctx, func(tx *store.Tx) error {
		u, err := find(tx, b.sc, b.d.ID, name)
		if err == nil {
			out = u.account(b.d)
		}
		return err
	})
	return out, err
}

// AddUser makes a user.
func (b *shelf) AddUser(ctx context.Context, a directory.Account) (directory.Account, error) {
	u := &user{DirectoryID: b.d.ID, Name: a.SAMAccountName, Created: b.s.clk.Now()}
	u.take(a)
	err := b.update(ctx, func(tx *store.Tx) error {
		if directory.Builtin(u.Name) {
			return taken(b.d.ID, u.Name)
		}
		return insert(tx, b.sc, b.d, u, 0)
	})
	return u.account(b.d), err
}

// ChangeUser changes attributes.
func (b *shelf) ChangeUser(ctx context.Context, name string, changes []directory.Change) error {
	return b.update(ctx, func(tx *store.Tx) error {
		u, err := find(tx, b.sc, b.d.ID, name)
		if err != nil {
			return err
		}
		a := u.account(b.d)
		if err := directory.Alter(&a, changes, ofUsers.single); err != nil {
			return err
		}
		u.take(a)
		return users.Put(tx, b.sc, u)
	})
}

// RemoveUser removes a user, who leaves all groups. The built-in Administrator
// stays, as a domain controller has it.
func (b *shelf) RemoveUser(ctx context.Context, name string) error {
	return b.update(ctx, func(tx *store.Tx) error {
		u, err := find(tx, b.sc, b.d.ID, name)
		if err != nil {
			return err
		}
		if u.Name == directory.Administrator {
			return fmt.Errorf("remove %s: %w", u.Name, directory.ErrProtected)
		}
		return b.s.Remove(tx, b.sc, b.d.ID, name)
	})
}

// Disable refuses the account's next bind. Disabling twice is no error.
func (b *shelf) Disable(ctx context.Context, name string) error {
	return b.update(ctx, func(tx *store.Tx) error {
		u, err := find(tx, b.sc, b.d.ID, name)
		if err != nil {
			return err
		}
		u.disable()
		return users.Put(tx, b.sc, u)
	})
}

// Reset gives an account a password.
func (b *shelf) Reset(ctx context.Context, name, password string) error {
	sealed, err := b.s.Seal(ctx, password)
	if err != nil {
		return err
	}
	return b.update(ctx, func(tx *store.Tx) error {
		if why := directory.Weakness(password, name); why != "" {
			if _, err := find(tx, b.sc, b.d.ID, name); err != nil {
				return err
			}
			return &directory.WeakPasswordError{Why: why}
		}
		return b.s.SetPassword(tx, b.sc, b.d.ID, name, sealed)
	})
}

// Roster returns a directory that the plane keeps, for those who are not in a
// transaction.
func (s *Service) Roster(sc store.Scope, d directory.Domain) directory.Roster {
	return &shelf{s: s, sc: sc, d: d}
}
