package house

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/gate"
	"tamachi/internal/aws/services/iam"
	"tamachi/internal/aws/services/organizations"
	"tamachi/internal/policy"
)

// principals tells the gate what the iam room knows of callers.
type principals struct{ iam *iam.Service }

var _ gate.Principals = principals{}

// Bindings finds what is attached to a caller.
func (p principals) Bindings(ctx context.Context, c *api.Caller) (gate.Bindings, error) {
	b, err := p.iam.Bindings(ctx, c)
	if err != nil {
		return gate.Bindings{}, err
	}
	return gate.Bindings(*b), nil
}

// controls tells the gate what the organizations room knows of what stands above
// accounts.
type controls struct{ accounts *organizations.Service }

var _ gate.Controls = controls{}

// Above finds the control policies of an account's organization.
func (c controls) Above(ctx context.Context, account string) (gate.Levels, error) {
	found, err := c.accounts.Above(ctx, account)
	if err != nil {
		return gate.Levels{}, err
	}
	return gate.Levels(*found), nil
}

// above is controls for the iam room, which is there before the organization's.
type above struct{ h *House }

var _ iam.Above = above{}

// SCPs finds the service control policies above an account.
func (a above) SCPs(ctx context.Context, account string) (levels []*policy.Set, manages bool, err error) {
	found, err := a.h.rooms.accounts.Above(ctx, account)
	if err != nil {
		return nil, false, err
	}
	return found.SCPs, found.Manages, nil
}

// attempts is the trail for the iam room, which is there before the trail's.
type attempts struct{ h *House }

var _ iam.Trail = attempts{}

// Attempts reads what the trail recorded behind a place.
func (a attempts) Attempts(ctx context.Context, after int64) (list []iam.Attempt, last int64, err error) {
	found, last, err := a.h.rooms.events.Attempts(ctx, after)
	list = make([]iam.Attempt, 0, len(found))
	for _, f := range found {
		list = append(list, iam.Attempt(f))
	}
	return list, last, err
}
