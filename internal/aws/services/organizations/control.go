package organizations

import (
	"context"
	"errors"
	"slices"

	"tamachi/internal/store"
)

// Level is a place above an account, with the policies that are attached to it.
type Level struct {
	ID         string // of the root, a unit, or the account itself
	SCPs, RCPs []Control
}

// Control is a policy of an organization.
type Control struct{ ID, ARN, Name, Content string }

// Controls are the levels above an account, the root first and the account
// itself last, and the number of the state in which they were read. manages is
// true for the management account, whose principals and resources they do not
// hold. An account without organization has none. SCPs of a level are nil where
// the type is not enabled in the root, and so are RCPs.
func (s *Service) Controls(ctx context.Context, account string) (levels []Level, manages bool, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		levels, manages = nil, false
		m, err := members.Get(tx, store.Scope{}, account)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		o, err := known.Get(tx, store.Scope{}, m.Organization)
		if err != nil {
			return err
		}
		manages = o.Management == account
		path, err := above(tx, o, account)
		if err != nil {
			return err
		}
		for _, id := range path {
			level, err := o.level(tx, id)
			if err != nil {
				return err
			}
			levels = append(levels, level)
		}
		return nil
	})
	return levels, manages, err
}

// level reads what is attached to one place.
func (o *organization) level(tx *store.Tx, id string) (Level, error) {
	out := Level{ID: id}
	if slices.Contains(o.PolicyTypes, scpType) {
		out.SCPs = []Control{}
	}
	if slices.Contains(o.PolicyTypes, rcpType) {
		out.RCPs = []Control{}
	}
	bound, err := attachedTo(tx, o, id, "")
	if err != nil {
		return out, err
	}
	for _, a := range bound {
		p, err := policyOf(tx, o, a.Policy)
		if err != nil {
			return out, err
		}
		c := Control{ID: p.ID, ARN: p.arn(o), Name: p.Name, Content: p.Content}
		if a.Type == rcpType {
			out.RCPs = append(out.RCPs, c)
		} else {
			out.SCPs = append(out.SCPs, c)
		}
	}
	return out, nil
}
