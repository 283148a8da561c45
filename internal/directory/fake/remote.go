package fake

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"tamachi/internal/directory"
)

// Remotes are directories of customers in memory, by their names.
type Remotes struct {
	mu      sync.Mutex
	domains map[string]*Domain // guarded by mu
}

var _ directory.Remotes = (*Remotes)(nil)

// NewRemotes returns customers without directories.
func NewRemotes() *Remotes { return &Remotes{domains: map[string]*Domain{}} }

// Domain is a customer's directory. Its people are those of the Roster.
type Domain struct {
	*Roster
	Name, User, Password, Key string
	Authority                 string // of its servers' certificates
}

// Put makes a directory with its service account.
func (r *Remotes) Put(d *Domain) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.domains[strings.ToLower(d.Name)] = d
}

// Forget has nothing to end.
func (r *Remotes) Forget(string) {}

// Remote returns the directory of a connection.
func (r *Remotes) Remote(c directory.Connection) directory.Remote {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.domains[strings.ToLower(c.Name)]
	if d == nil {
		d = &Domain{Roster: NewRoster(directory.Domain{Name: c.Name}, func(string) bool { return true }), Name: c.Name}
		d.Break(fmt.Errorf("no such domain"))
	}
	return &remote{d.Roster, d, c}
}

type remote struct {
	*Roster
	d *Domain
	c directory.Connection
}

// Probe judges the service account.
func (r *remote) Probe(ctx context.Context) (directory.Domain, []string, error) {
	d := r.domain
	d.ID = r.c.DirectoryID
	if _, err := r.ListUsers(ctx, directory.Query{Limit: 1}); err != nil {
		return d, nil, err
	}
	if len(r.c.Keys) > 0 && !slices.Contains(r.c.Keys, r.d.Key) {
		return d, nil, fmt.Errorf("%w: another key", directory.ErrUnreachable)
	}
	if len(r.c.Authorities) > 0 && !slices.Contains(r.c.Authorities, r.d.Authority) {
		return d, nil, fmt.Errorf("%w: no authority vouches for it", directory.ErrUnreachable)
	}
	if r.c.UserName != r.d.User || r.c.Password != r.d.Password {
		return d, nil, directory.Refuse(directory.WrongPassword)
	}
	return d, []string{r.d.Key}, nil
}

// Change is what a person does.
func (r *remote) Change(ctx context.Context, name, former, next string) error {
	if former == "" || r.Roster.Password(name) != former {
		return directory.Refuse(directory.WrongPassword)
	}
	return r.Reset(ctx, name, next)
}

// Prove judges a person.
func (r *remote) Prove(ctx context.Context, name, password string) (directory.Account, error) {
	a, err := r.User(ctx, name)
	switch {
	case password == "":
		return directory.Account{}, directory.RefuseUnproved()
	case err != nil:
		return directory.Account{}, err
	case r.Roster.Password(name) != password:
		return directory.Account{}, directory.Refuse(directory.WrongPassword)
	case !a.Enabled:
		return directory.Account{}, directory.Refuse(directory.Disabled)
	}
	return a, nil
}
