package house

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/gate"
	"tamachi/internal/policy"
)

// administrators answers the gate while there is no iam room: the one user is
// the administrator.
type administrators struct{}

var _ gate.Principals = administrators{}

// Bindings gives users, and the sessions that they made, everything.
func (administrators) Bindings(_ context.Context, c *api.Caller) (gate.Bindings, error) {
	if c.Type == api.AssumedRole {
		return gate.Bindings{}, nil
	}
	all, err := policy.Parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	return gate.Bindings{Identity: []gate.Policy{{Name: "AdministratorAccess", ARN: "arn:aws:iam::aws:policy/AdministratorAccess", Kind: "managed", Document: all}}}, err
}
