package gate

import (
	"slices"
	"strings"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
)

// decide returns why a caller may not, or "" when it may.
func (g *Gate) decide(s *subject, c *api.Check) (string, error) {
	q, err := g.question(s, c)
	if err != nil {
		return "", err
	}
	d := policy.Decide(&q.request, &q.held)
	return q.reason(d), q.known.err
}

// question is one check of one caller, with all policies that hold it.
type question struct {
	request policy.Request
	held    policy.Policies
	known   facts
	caller  *api.Caller
	check   *api.Check
}

func (g *Gate) question(s *subject, c *api.Check) (*question, error) {
	q := &question{held: s.held, caller: &s.call.Caller, check: c}
	q.known = facts{g: g, s: s, check: c, owner: owner(s.call, c)}
	q.request = policy.Request{
		Action: c.Action, Resource: c.Resource, Owner: q.known.owner, Who: s.who, Keys: &q.known,
		Ruled: c.Ruled, Granted: c.Granted || g.inherent(q),
	}
	levels, err := s.above(q.known.owner)
	if err != nil {
		return nil, err
	}
	q.held.RCPs, q.request.OwnerManages = levels.RCPs, levels.Manages
	if c.Policy != "" {
		as := ofResource
		if c.Ruled && strings.HasPrefix(c.Action, "sts:") {
			as = ofTrust
		}
		q.held.Resource = g.documents.get(as, c.Policy)
	}
	return q, nil
}

// inherent tells what a caller may do by what it is: a service to its own, a
// node with its key for itself.
func (g *Gate) inherent(q *question) bool {
	switch c := q.check; q.caller.Type {
	case api.AWSService:
		return slices.Contains(g.services[q.caller.Service], c.Action)
	case api.ManagedInstance:
		return slices.Contains(keyActions, c.Action) && c.Keys[api.KeyNode] == q.caller.Node && q.known.owner == q.caller.Account
	}
	return false
}

// reason is that of a decision, or "". What the plane holds nodes to is no
// policy: it stands behind what policies deny and before what they allow.
func (q *question) reason(d policy.Decision) string {
	action := q.check.Action
	if d.Outcome == policy.ExplicitDeny {
		return d.Reason(action)
	}
	if reason := ownNode(q.caller, q.check); reason != "" {
		return reason
	}
	if q.caller.Type == api.ManagedInstance && !q.request.Granted {
		return policy.Decision{By: policy.Identity}.Reason(action)
	}
	return d.Reason(action)
}

// owner is the account whose resource a check is about.
func owner(call *api.Call, c *api.Check) string {
	if c.Owner != "" {
		return c.Owner
	}
	if a, err := arn.Parse(c.Resource); err == nil && isAccount(a.Account) {
		return a.Account
	}
	return call.Caller.Account
}

// isAccount tells accounts from what else may stand there: "aws" in the ARN of
// a managed policy, a wildcard.
func isAccount(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }
