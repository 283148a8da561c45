package parameterstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tamachi/internal/store"
)

// deadline says when the next policy of a parameter acts. Deadlines of all
// accounts are one list in the order of time, so that finding what is due reads
// its beginning only.
type deadline struct {
	At                    time.Time
	Account, Region, Name string
}

var deadlines = store.Table[deadline]{
	Name: "ssm.parameter-deadlines", Reach: store.Plane,
	Key: func(d *deadline) string {
		return fmt.Sprintf("%015d.%s.%s.%s", max(d.At.UnixMilli(), 0), d.Account, d.Region, d.Name)
	},
}

func (p *parameter) deadline(scope store.Scope) *deadline {
	return &deadline{At: p.Due, Account: scope.Account, Region: scope.Region, Name: p.Name}
}

// schedule brings the deadline of a parameter up to its policies.
func (p *parameter) schedule(tx *store.Tx, scope store.Scope) error {
	var next time.Time
	for _, one := range p.Policies {
		at := one.due(p.Policies, p.Modified)
		if one.Status == pending && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	if next.Equal(p.Due) {
		return nil
	}
	if err := p.forgetDeadline(tx, scope); err != nil {
		return err
	}
	p.Due = next
	if next.IsZero() {
		return nil
	}
	return deadlines.Put(tx, store.Scope{}, p.deadline(scope))
}

func (p *parameter) forgetDeadline(tx *store.Tx, scope store.Scope) error {
	if p.Due.IsZero() {
		return nil
	}
	err := deadlines.Delete(tx, store.Scope{}, deadlines.Key(p.deadline(scope)))
	p.Due = time.Time{}
	return err
}

// errMoved ends the act of a policy on a parameter that was changed meanwhile.
var errMoved = errors.New("the parameter was changed meanwhile")

// Upkeep lets the policies act whose time has come.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	at := func(d *deadline) (time.Time, error) { return d.At, nil }
	return store.Agenda[deadline]{Table: &deadlines, At: at}.Attend(ctx, s.st, s.clk, func(ctx context.Context, d *deadline) error {
		if err := s.enforce(ctx, d); err != nil && !errors.Is(err, errMoved) {
			return fmt.Errorf("enforce the policies of parameter %s: %w", d.Name, err)
		}
		return nil
	})
}

// enforce lets the due policies of one parameter act. What they announce
// commits with what they do.
func (s *Service) enforce(ctx context.Context, d *deadline) error {
	scope := store.In(d.Account, d.Region)
	var seen *parameter
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		seen, err = parameters.Get(tx, scope, d.Name)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return errMoved
	}
	if err != nil {
		return err
	}
	now := s.clk.Now()
	status := finished
	if s.ports.Events == nil {
		status = failed
	}
	var acts []int
	expires := false
	for i, one := range seen.Policies {
		if one.Status != pending || one.due(seen.Policies, seen.Modified).After(now) {
			continue
		}
		acts = append(acts, i)
		expires = expires || one.Type == expiration
	}
	c := s.claim(scope)
	return c.end(s.st.Update(ctx, func(tx *store.Tx) error {
		if err := c.begin(tx); err != nil {
			return err
		}
		p, err := parameters.Get(tx, scope, d.Name)
		if errors.Is(err, store.ErrNotFound) || err == nil && (p.Version != seen.Version || !p.Due.Equal(d.At)) {
			return errMoved
		}
		if err != nil {
			return err
		}
		for _, i := range acts {
			if err := s.acted(tx, scope, p, p.Policies[i]); err != nil {
				return err
			}
		}
		if expires {
			c.remove(p.Tier)
			if err := s.tell(tx, scope, p, "Delete"); err != nil {
				return err
			}
			return p.erase(tx, scope)
		}
		for _, i := range acts {
			p.Policies[i].Status = status
		}
		if err := p.schedule(tx, scope); err != nil {
			return err
		}
		return parameters.Put(tx, scope, p)
	}))
}
