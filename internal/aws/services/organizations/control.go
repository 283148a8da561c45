package organizations

import (
	"context"
	"errors"
	"slices"

	"tamachi/internal/policy"
	"tamachi/internal/store"
)

// Controls are the policies of an organization that stand above an account: one
// set a level, the root first and the account itself last. A type that is not
// enabled in the root has none.
type Controls struct {
	SCPs, RCPs []*policy.Set
	Manages    bool // the management account: neither holds its principals and resources
}

// Above returns what stands above an account; nothing for one without
// organization. It is compiled once for as long as no organization changes.
func (s *Service) Above(ctx context.Context, account string) (*Controls, error) {
	c, known, round := s.controls.Get(account)
	if known {
		return c, nil
	}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		var err error
		c, err = controlsOf(tx, account)
		return err
	})
	if err == nil {
		s.controls.Keep(account, c, round)
	}
	return c, err
}

func controlsOf(tx *store.Tx, account string) (*Controls, error) {
	out := &Controls{}
	m, err := members.Get(tx, store.Scope{}, account)
	if errors.Is(err, store.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	o, err := known.Get(tx, store.Scope{}, m.Organization)
	if err != nil {
		return nil, err
	}
	out.Manages = o.Management == account
	path, err := above(tx, o, account)
	if err != nil {
		return nil, err
	}
	for _, kind := range o.PolicyTypes {
		for _, place := range path {
			set, err := o.compiled(tx, place, kind)
			if err != nil {
				return nil, err
			}
			if kind == scpType {
				out.SCPs = append(out.SCPs, set)
			} else {
				out.RCPs = append(out.RCPs, set)
			}
		}
	}
	return out, nil
}

// compiled is what is attached to one place. What cannot be read denies.
func (o *organization) compiled(tx *store.Tx, place, kind string) (*policy.Set, error) {
	bound, err := attachedTo(tx, o, place, kind)
	if err != nil {
		return nil, err
	}
	list := make([]policy.Policy, 0, len(bound))
	for _, a := range bound {
		p, err := policyOf(tx, o, a.Policy)
		if err != nil {
			return nil, err
		}
		if p.ID == fullResources.ID {
			continue // RCPs only deny; it stands everywhere and says nothing
		}
		doc, err := parse(kind, p.Content)
		if err != nil {
			doc = policy.Unreadable(p.Content, "it cannot be read")
		}
		list = append(list, policy.Policy{Name: p.Name, ARN: p.arn(o), Kind: "organization", Document: doc})
	}
	return policy.NewLevel(place, slices.Clip(list)...), nil
}

// parse reads a policy by the grammar of its type.
func parse(kind, text string) (*policy.Document, error) {
	if kind == rcpType {
		return policy.ParseRCP(text)
	}
	return policy.ParseSCP(text)
}
