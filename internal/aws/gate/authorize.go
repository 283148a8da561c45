package gate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tamachi/internal/aws/api"
)

// authorize asks the row what must be allowed and decides each part. The
// checks that name one resource also become the resources of the record.
func (g *Gate) authorize(ctx context.Context, call *api.Call, r *row, in any, e *api.Event) error {
	switch {
	case r.Kind == api.KindPublic, r.Kind.Open() && call.Caller.Account == "":
		return nil
	case call.Caller.Account == "" && !anonymous(r, &call.Caller): // before the checks, which read the caller's account
		return denial(r, call, r.service.SigningName+":"+r.Name, "*", "because the caller is unknown")
	case r.Kind == api.KindAuthenticated:
		return nil
	}
	if err := beyond(r, call); err != nil {
		return err
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
		denied, reason, err := g.decideOr(who, &checks[i])
		if err != nil {
			return err
		}
		if reason != "" {
			return g.deny(r, who, denied, reason)
		}
	}
	return nil
}

// deny is the answer to a denied check. EC2's carries why, sealed. Source:
// Amazon EC2 API Reference, "Error codes", UnauthorizedOperation.
func (g *Gate) deny(r *row, who *subject, denied *api.Check, reason string) error {
	if r.service.Protocol == "ec2" && g.messages != nil {
		text, err := g.encoded(who, denied, reason)
		if err != nil {
			return err
		}
		reason += ". Encoded authorization failure message: " + text
	}
	return denial(r, who.call, denied.Action, denied.Resource, reason)
}

// decideOr decides a check, or else the checks that suffice instead. It returns
// the one that was denied, and why.
func (g *Gate) decideOr(who *subject, check *api.Check) (denied *api.Check, reason string, err error) {
	reason, err = g.decide(who, check)
	if reason == "" || err != nil || len(check.Else) == 0 {
		return check, reason, err
	}
	for i := range check.Else {
		if reason, err = g.decide(who, &check.Else[i]); reason != "" || err != nil {
			return &check.Else[i], reason, err
		}
	}
	return nil, "", nil
}

// anonymous tells whether nobody at all may at least be considered: buckets
// can be public, nothing else is.
func anonymous(r *row, c *api.Caller) bool {
	return c.Type == api.AWSAccount && r.service.Name == "s3" && r.Kind != api.KindAuthenticated
}

// keyActions are what a managed node may do that signs with its own key, on
// itself: it has no role then. All else needs the credentials of its role.
var keyActions = []string{"ssm:RequestManagedInstanceRoleToken", "ssm:UpdateManagedInstancePublicKey"}

// ownActions are what an agent does for its node. Whatever the role's policies
// allow, a node does them for itself only: the check must name it (KeyNode).
// Source: IAM User Guide of Systems Manager, AmazonSSMManagedInstanceCore.
var ownActions = []string{
	"ssm:GetDeployablePatchSnapshotForInstance",
	"ssm:ListInstanceAssociations",
	"ssm:PutComplianceItems",
	"ssm:PutConfigurePackageResult",
	"ssm:PutInventory",
	"ssm:UpdateAssociationStatus",
	"ssm:UpdateInstanceAssociationStatus",
	"ssm:UpdateInstanceInformation",
}

// ownNode refuses what a node's session tries on another node, in words of its
// own: a policy that allowed it would make no difference.
func ownNode(caller *api.Caller, c *api.Check) string {
	if caller.Type != api.AssumedRole || caller.Node == "" {
		return ""
	}
	named, about := c.Keys[api.KeyNode]
	agents := slices.Contains(ownActions, c.Action) ||
		strings.HasPrefix(c.Action, "ssmmessages:") || strings.HasPrefix(c.Action, "ec2messages:")
	if (agents || about) && named != caller.Node {
		return "because a managed node may act on itself only"
	}
	return ""
}

// Allowed tells of each check whether the caller of ctx passes it, for rooms
// that leave out what a caller may not have instead of refusing the call.
func (g *Gate) Allowed(ctx context.Context, checks []api.Check) ([]bool, error) {
	who, err := g.subject(ctx, api.CallFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := make([]bool, len(checks))
	for i := range checks {
		reason, err := g.decide(who, &checks[i])
		if err != nil {
			return nil, err
		}
		out[i] = reason == ""
	}
	return out, nil
}
