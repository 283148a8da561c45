package directorytest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"tamachi/internal/directory"
)

// People are directories and accounts in memory: directory.Accounts for tests.
type People struct {
	mu      sync.Mutex
	domains map[string]directory.Domain   // guarded by mu
	people  map[string]map[string]*person // guarded by mu; by directory id and folded name
	groups  map[string][]directory.Group  // guarded by mu; by directory id, in order
	fault   error                         // guarded by mu
}

type person struct {
	directory.Account
	password string
}

var _ directory.Accounts = (*People)(nil)

// NewPeople returns directories without accounts.
func NewPeople(domains ...directory.Domain) *People {
	p := &People{domains: map[string]directory.Domain{}, people: map[string]map[string]*person{}, groups: map[string][]directory.Group{}}
	for _, d := range domains {
		p.domains[d.ID] = d
		p.people[d.ID] = map[string]*person{}
	}
	return p
}

// Put makes or replaces an account.
func (p *People) Put(directoryID string, a directory.Account, password string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.people[directoryID][strings.ToLower(a.SAMAccountName)] = &person{a, password}
}

// PutGroup makes a group.
func (p *People) PutGroup(directoryID string, g directory.Group) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.groups[directoryID] = append(p.groups[directoryID], g)
	slices.SortFunc(p.groups[directoryID], func(a, b directory.Group) int {
		return strings.Compare(strings.ToLower(a.SAMAccountName), strings.ToLower(b.SAMAccountName))
	})
}

// Drop removes a directory.
func (p *People) Drop(directoryID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.domains, directoryID)
}

// Break makes every question fail with err until it is nil again.
func (p *People) Break(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = err
}

// Directory returns the names of a directory.
func (p *People) Directory(_ context.Context, directoryID string) (directory.Domain, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	d, ok := p.domains[directoryID]
	if !ok {
		return d, directory.ErrNoDirectory
	}
	return d, nil
}

// Verify checks a password.
func (p *People) Verify(_ context.Context, directoryID, userName, password string) (directory.Standing, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	one, ok := p.people[directoryID][strings.ToLower(userName)]
	switch {
	case p.fault != nil:
		return 0, p.fault
	case !ok:
		return directory.Unknown, nil
	case one.password == "" || one.password != password:
		return directory.WrongPassword, nil
	case !one.Enabled:
		return directory.Disabled, nil
	}
	return directory.Good, nil
}

// Lookup returns one account.
func (p *People) Lookup(_ context.Context, directoryID, userName string) (directory.Account, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	one, ok := p.people[directoryID][strings.ToLower(userName)]
	switch {
	case p.fault != nil:
		return directory.Account{}, p.fault
	case !ok:
		return directory.Account{}, directory.ErrNoUser
	}
	return one.Account, nil
}

// List returns accounts by name.
func (p *People) List(_ context.Context, directoryID, after string, limit int) ([]directory.Account, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fault != nil {
		return nil, p.fault
	}
	var out []directory.Account
	for _, name := range slices.Sorted(maps.Keys(p.people[directoryID])) {
		if len(out) < limit && name > strings.ToLower(after) {
			out = append(out, p.people[directoryID][name].Account)
		}
	}
	return out, nil
}

// LookupGroup returns one group.
func (p *People) LookupGroup(_ context.Context, directoryID, name string) (directory.Group, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fault != nil {
		return directory.Group{}, p.fault
	}
	for _, g := range p.groups[directoryID] {
		if strings.EqualFold(g.SAMAccountName, name) {
			return g, nil
		}
	}
	return directory.Group{}, directory.ErrNoGroup
}

// Groups returns groups by name.
func (p *People) Groups(_ context.Context, directoryID, after string, limit int) ([]directory.Group, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fault != nil {
		return nil, p.fault
	}
	var out []directory.Group
	for _, g := range p.groups[directoryID] {
		if len(out) < limit && strings.ToLower(g.SAMAccountName) > strings.ToLower(after) {
			out = append(out, g)
		}
	}
	return out, nil
}
