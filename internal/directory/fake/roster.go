package fake

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"tamachi/internal/directory"
)

// Roster is a directory in memory that can be changed: directory.Roster for
// tests.
type Roster struct {
	domain directory.Domain

	mu        sync.Mutex
	fault     error                         // guarded by mu; answers every question while set
	next      int                           // guarded by mu
	users     map[string]*directory.Account // guarded by mu; by folded name
	groups    map[string]*directory.Group   // guarded by mu; by folded name
	members   map[string]map[string]bool    // guarded by mu; folded names of group and member
	passwords map[string]string             // guarded by mu; by folded name
	single    func(attribute string) bool   // has one value only
}

var _ directory.Roster = (*Roster)(nil)

// NewRoster returns an empty directory. single says which attributes have one
// value only.
func NewRoster(d directory.Domain, single func(attribute string) bool) *Roster {
	return &Roster{
		domain: d, single: single, next: 1103, users: map[string]*directory.Account{}, groups: map[string]*directory.Group{},
		members: map[string]map[string]bool{}, passwords: map[string]string{},
	}
}

// Break makes every question fail with err until it is nil again.
func (r *Roster) Break(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = err
}

// Password is what was last set for a user, for tests.
func (r *Roster) Password(name string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.passwords[strings.ToLower(name)]
}

// do holds the lock over a question.
func do[T any](r *Roster, ask func() (T, error)) (T, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fault != nil {
		return *new(T), fmt.Errorf("%w: %w", directory.ErrUnreachable, r.fault)
	}
	return ask()
}

func (r *Roster) change(ask func() error) error {
	_, err := do(r, func() (struct{}, error) { return struct{}{}, ask() })
	return err
}

// page returns the names of a list that a query asks for.
func page[T any](all map[string]*T, q directory.Query, values func(*T) func(string) []string) []T {
	var out []T
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if len(out) < q.Limit && name > strings.ToLower(q.After) && q.Matches(values(all[name])) {
			out = append(out, *all[name])
		}
	}
	return out
}

// taken numbers a new object, if its name is free.
func (r *Roster) number(name string) (string, error) {
	f := strings.ToLower(name)
	if directory.Builtin(name) || r.users[f] != nil || r.groups[f] != nil {
		return "", directory.ErrNameTaken
	}
	r.next++
	return fmt.Sprintf("%s-%d", r.domain.SID, r.next-1), nil
}

// ListUsers returns one page of users.
func (r *Roster) ListUsers(_ context.Context, q directory.Query) ([]directory.Account, error) {
	return do(r, func() ([]directory.Account, error) {
		return page(r.users, q, func(a *directory.Account) func(string) []string { return a.Values }), nil
	})
}

// User returns one user.
func (r *Roster) User(_ context.Context, name string) (directory.Account, error) {
	return do(r, func() (directory.Account, error) {
		u := r.users[strings.ToLower(name)]
		if u == nil {
			return directory.Account{}, directory.ErrNoUser
		}
		return *u, nil
	})
}

// AddUser makes a user.
func (r *Roster) AddUser(_ context.Context, a directory.Account) (directory.Account, error) {
	return do(r, func() (_ directory.Account, err error) {
		if a.SID, err = r.number(a.SAMAccountName); err != nil {
			return a, err
		}
		a.DN, a.Enabled, a.Attributes = directory.UserDN(a.SAMAccountName, r.domain.Name), false, maps.Clone(a.Attributes)
		r.users[strings.ToLower(a.SAMAccountName)] = &a
		return a, nil
	})
}

// ChangeUser changes attributes.
func (r *Roster) ChangeUser(_ context.Context, name string, changes []directory.Change) error {
	return r.change(func() error {
		u := r.users[strings.ToLower(name)]
		if u == nil {
			return directory.ErrNoUser
		}
		next := *u
		next.Attributes = maps.Clone(u.Attributes)
		if err := directory.Alter(&next, changes, r.single); err != nil {
			return err
		}
		*u = next
		return nil
	})
}

// RemoveUser removes a user.
func (r *Roster) RemoveUser(_ context.Context, name string) error {
	return r.change(func() error {
		f := strings.ToLower(name)
		switch {
		case r.users[f] == nil:
			return directory.ErrNoUser
		case strings.EqualFold(name, directory.Administrator):
			return directory.ErrProtected
		}
		delete(r.users, f)
		r.forget(f)
		return nil
	})
}

// forget ends the memberships of one who is gone.
func (r *Roster) forget(folded string) {
	for _, m := range r.members {
		delete(m, folded)
	}
}

// Disable refuses the account's next bind.
func (r *Roster) Disable(_ context.Context, name string) error {
	return r.change(func() error {
		u := r.users[strings.ToLower(name)]
		if u == nil {
			return directory.ErrNoUser
		}
		u.Enabled = false
		return nil
	})
}

// Reset gives an account a password; one of less than seven characters is weak.
func (r *Roster) Reset(_ context.Context, name, password string) error {
	return r.change(func() error {
		u := r.users[strings.ToLower(name)]
		switch {
		case u == nil:
			return directory.ErrNoUser
		case len(password) < 7:
			return directory.ErrWeakPassword
		}
		u.Enabled = true
		r.passwords[strings.ToLower(name)] = password
		return nil
	})
}
