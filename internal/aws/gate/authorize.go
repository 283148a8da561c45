package gate

import (
	"context"
	"fmt"

	"tamachi/internal/aws/api"
)

// authorize asks the row what must be allowed and decides each part. The
// checks that name one resource also become the resources of the record.
func (g *Gate) authorize(ctx context.Context, call *api.Call, r *row, in any, e *api.Event) error {
	switch {
	case r.Kind == api.KindPublic:
		return nil
	case call.Caller.Account == "" && !anonymous(r, &call.Caller): // before the checks, which read the caller's account
		return denial(r, call, r.service.SigningName+":"+r.Name, "*", "because the caller is unknown")
	case r.Kind == api.KindAuthenticated:
		return nil
	}
	checks, err := r.Checks(ctx, in)
	if err != nil {
		return err
	}
	if len(checks) == 0 {
		return fmt.Errorf("%s: no checks for this input", r.Name)
	}
	who, err := g.subject(ctx, call)
	if err != nil {
		return err
	}
	for i := range checks {
		if checks[i].Resource != "*" {
			e.Resources = append(e.Resources, checks[i].Resource)
		}
	}
	for i := range checks {
		reason, err := g.decide(who, &checks[i])
		if err != nil {
			return err
		}
		if reason != "" {
			return denial(r, call, checks[i].Action, checks[i].Resource, reason)
		}
	}
	return nil
}

// anonymous tells whether nobody at all may at least be considered: buckets
// can be public, nothing else is.
func anonymous(r *row, c *api.Caller) bool {
	return c.Type == api.AWSAccount && r.service.Name == "s3" && r.Kind != api.KindAuthenticated
}

// nodeActions are what a managed node may do, each on itself only: those of
// the managed policy AmazonSSMManagedInstanceCore that the plane offers.
var nodeActions = []string{
	"ssm:RequestManagedInstanceRoleToken",
	"ssm:UpdateInstanceInformation",
	"ssm:UpdateManagedInstancePublicKey",
	"ssmmessages:CreateControlChannel",
	"ssmmessages:OpenControlChannel",
}
