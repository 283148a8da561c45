package gate

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
)

// authorize asks the row what must be allowed and decides each part. The
// checks that name one resource also become the resources of the record.
func (g *Gate) authorize(ctx context.Context, call *api.Call, r *row, in any, e *api.Event) error {
	switch {
	case r.Kind == api.KindPublic:
		return nil
	case call.Caller.Account == "": // before the checks, which read the caller's account
		return denied(r, call.Caller, r.service.SigningName+":"+r.Name, "*", "the caller is unknown")
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
	for _, c := range checks {
		if c.Resource != "*" {
			e.Resources = append(e.Resources, c.Resource)
		}
		if reason := g.decide(call.Caller, c); reason != "" {
			return denied(r, call.Caller, c.Action, c.Resource, reason)
		}
	}
	return nil
}

// decide returns why a caller may not, or "" when it may.
func (g *Gate) decide(caller api.Caller, c api.Check) string {
	if a, err := arn.Parse(c.Resource); err == nil && a.Account != "" && a.Account != caller.Account {
		return "no resource-based policy allows the " + c.Action + " action"
	}
	switch caller.Type {
	case api.IAMUser:
		return "" // the account's administrator; there is no other user yet
	case api.FederatedUser:
		return session(caller, c)
	case api.AWSService:
		if slices.Contains(g.principals[caller.Service], c.Action) {
			return ""
		}
	case api.ManagedInstance:
		if slices.Contains(nodeActions, c.Action) && c.Keys[api.KeyNode] == caller.Node {
			return ""
		}
	}
	return "no identity-based policy allows the " + c.Action + " action"
}

// session decides by the policy that was passed when the session was made. The
// issuer is the administrator, so the intersection is the session policy.
// Source: IAM User Guide, "Permissions for GetFederationToken".
func session(caller api.Caller, c api.Check) string {
	none := "no session policy allows the " + c.Action + " action"
	if caller.Session == nil || len(caller.Session.Policies) == 0 {
		return none
	}
	doc, err := policy.Parse(caller.Session.Policies[0])
	if err != nil {
		return none
	}
	switch doc.Evaluate(c.Action, c.Resource) {
	case policy.Allow:
		return ""
	case policy.ExplicitDeny:
		return "with an explicit deny in a session policy"
	}
	return none
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

// denied is AWS's answer to a caller without rights, in AWS's words.
// Source: IAM User Guide, "Troubleshoot access denied error messages".
func denied(r *row, caller api.Caller, action, resource, reason string) error {
	because := "because " + reason
	if reason == "with an explicit deny in a session policy" {
		because = reason
	}
	msg := fmt.Sprintf("User: %s is not authorized to perform: %s", caller.ARN, action)
	if resource != "*" {
		msg += " on resource: " + resource
	}
	return &smithy.GenericAPIError{Code: deniedCode(r), Message: msg + " " + because}
}

// deniedCode is AccessDenied in the query protocol and AccessDeniedException
// in the others.
func deniedCode(r *row) string {
	if r.service.Protocol == "query" {
		return "AccessDenied"
	}
	return "AccessDeniedException"
}
