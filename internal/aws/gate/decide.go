package gate

import (
	"slices"
	"strings"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
)

// verdict is what one kind of policy says.
type verdict struct {
	kind    string // as a denial names it
	allows  bool
	denies  bool
	named   policy.Named
	unknown string
}

// question is one check of one caller.
type question struct {
	g       *Gate
	s       *subject
	check   *api.Check
	request policy.Request
	owner   string // the account that the resource belongs to
}

// decide returns why a caller may not, or "" when it may. Source: IAM User
// Guide, "How AWS enforcement code logic evaluates requests to allow or deny
// access" and "Cross-account policy evaluation logic".
func (g *Gate) decide(s *subject, c *api.Check) (string, error) {
	q := &question{g: g, s: s, check: c, owner: owner(s.call, c)}
	known := &facts{g: g, s: s, check: c, owner: q.owner}
	q.request = policy.Request{Action: strings.ToLower(c.Action), Resource: c.Resource, Who: s.who, Keys: known}
	reason := q.decide()
	return reason, known.err
}

func (q *question) decide() string {
	g, s, c := q.g, q.s, q.check
	resource := q.resource()
	identity, boundary, session := q.identity(), q.boundary(), q.session()
	for _, v := range []verdict{identity, resource, boundary, session} {
		if v.denies {
			return explicit(v)
		}
	}
	if reason := ownNode(&s.call.Caller, c); reason != "" {
		return reason
	}
	if c.Granted {
		return ""
	}
	switch caller := &s.call.Caller; caller.Type {
	case api.AWSService:
		if slices.Contains(g.services[caller.Service], c.Action) || resource.allows {
			return ""
		}
		return implicit(resource, c.Action)
	case api.ManagedInstance:
		if slices.Contains(keyActions, c.Action) && c.Keys[api.KeyNode] == caller.Node && q.owner == caller.Account {
			return ""
		}
		return implicit(identity, c.Action)
	case api.AWSAccount:
		if resource.allows && resource.named == policy.ByAnyone {
			return ""
		}
		return implicit(resource, c.Action)
	case api.Root, api.IAMUser, api.AssumedRole, api.FederatedUser:
	default:
		return implicit(identity, c.Action)
	}
	if q.owner == s.call.Caller.Account {
		return q.within(identity, resource, boundary, session)
	}
	return q.across(identity, resource, boundary, session)
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

// within decides within one account: the caller's policies or the resource's
// suffice. How closely the resource's policy names the caller decides which
// limits it passes by.
func (q *question) within(identity, resource, boundary, session verdict) string {
	limits := []verdict{boundary, session}
	switch {
	case !resource.allows || resource.named == policy.ByAccount:
	case resource.named == policy.ByName: // the user or the session itself
		return ""
	case boundary.allows && session.allows:
		return ""
	}
	if q.check.Ruled && !resource.allows {
		return implicit(resource, q.check.Action)
	}
	for _, v := range append([]verdict{identity}, limits...) {
		if !v.allows {
			return implicit(v, q.check.Action)
		}
	}
	return ""
}

// across decides between accounts: both sides must allow.
func (q *question) across(identity, resource, boundary, session verdict) string {
	for _, v := range []verdict{identity, boundary, session, resource} {
		if !v.allows {
			return implicit(v, q.check.Action)
		}
	}
	return ""
}

func (q *question) identity() verdict {
	v := q.all("identity-based policy", q.s.identity)
	v.allows = v.allows || q.s.root
	return v
}

func (q *question) boundary() verdict {
	if q.s.boundary == nil {
		return verdict{allows: true}
	}
	return q.all("permissions boundary", []Policy{*q.s.boundary})
}

func (q *question) session() verdict {
	if !q.s.limited {
		return verdict{allows: true}
	}
	return q.all("session policy", q.s.session)
}

// all asks several policies of one kind: any deny denies, any allow allows.
func (q *question) all(kind string, policies []Policy) verdict {
	out := verdict{kind: kind}
	for _, p := range policies {
		r := p.Document.Decide(&q.request)
		out.add(r)
		if out.denies {
			return out
		}
	}
	return out
}

// resource asks the policy of the resource.
func (q *question) resource() verdict {
	kind, read := "resource-based policy", ofResource
	if strings.HasPrefix(q.request.Action, "sts:") && q.check.Ruled {
		kind, read = trustPolicy, ofTrust
	}
	out := verdict{kind: kind}
	if q.check.Policy == "" {
		return out
	}
	d, err := q.g.documents.get(read, q.check.Policy)
	if err != nil {
		out.denies, out.unknown = true, "it cannot be read"
		return out
	}
	out.add(d.Decide(&q.request))
	return out
}

func (v *verdict) add(r policy.Result) {
	switch r.Outcome {
	case policy.Allow:
		v.allows = true
		v.named = max(v.named, r.Named)
	case policy.ExplicitDeny:
		v.denies, v.unknown = true, r.Unknown
	case policy.ImplicitDeny:
	}
}
