package house

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/gate"
	"tamachi/internal/aws/services/iam"
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
