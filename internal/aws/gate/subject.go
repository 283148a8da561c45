package gate

import (
	"context"
	"maps"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
)

// subject is the caller of one call with all that is attached to it.
type subject struct {
	call     *api.Call
	who      policy.Who
	root     bool // of its account: no identity policy is needed, none limits it
	identity []Policy
	boundary *Policy
	// session are the session's policies; limited says that they count, which
	// they do for a federated session even when there are none.
	session []Policy
	limited bool
	tags    map[string]string
	// organization finds that of an account, when a policy asks.
	organization func(account string) (id, path string, err error)
}

// subject gathers who calls. Source: IAM User Guide, "Policy evaluation logic"
// and "Permissions for GetFederationToken".
func (g *Gate) subject(ctx context.Context, call *api.Call) (*subject, error) {
	c := &call.Caller
	s := &subject{call: call, who: whoIs(c), organization: func(account string) (id, path string, err error) {
		return g.orgs.Of(ctx, account)
	}}
	switch c.Type {
	case api.AWSService, api.ManagedInstance, api.AWSAccount:
		return s, nil
	}
	issuer := c.Type
	if c.Session != nil && c.Session.IssuerType != "" {
		issuer = c.Session.IssuerType
	}
	if s.root = issuer == api.Root; !s.root {
		b, err := g.principals.Bindings(ctx, c)
		if err != nil {
			return nil, err
		}
		s.identity, s.boundary, s.tags = b.Identity, b.Boundary, b.Tags
	}
	s.limited = c.Type == api.FederatedUser
	if c.Session == nil {
		return s, nil
	}
	s.limited = s.limited || len(c.Session.Policies) > 0
	if len(c.Session.Tags) > 0 {
		s.tags = merged(s.tags, c.Session.Tags)
	}
	for _, text := range c.Session.Policies {
		d, err := g.documents.get(ofSession, text)
		if err != nil {
			d = denyAll // sts refused it when the session was made; never widen it
		}
		s.session = append(s.session, Policy{Kind: "session", Document: d})
	}
	return s, nil
}

// denyAll stands for a policy that cannot be read.
var denyAll, _ = policy.Parse(`{"Version":"2012-10-17","Statement":{"Sid":"Unreadable","Effect":"Deny","Action":"*","Resource":"*"}}`)

// whoIs is the caller as policies of resources may name it.
func whoIs(c *api.Caller) policy.Who {
	switch c.Type {
	case api.AWSService:
		return policy.Who{Service: c.Service}
	case api.AWSAccount:
		return policy.Who{}
	}
	w := policy.Who{Account: c.Account, ARN: c.ARN, ID: c.UserID}
	if c.Session != nil && (c.Type == api.AssumedRole || c.Type == api.FederatedUser) {
		w.Behind = c.Session.IssuerARN
	}
	return w
}

// merged lays the tags of a session over those of its role; keys ignore case.
func merged(base, over map[string]string) map[string]string {
	out := make(map[string]string, len(base)+len(over))
	maps.Copy(out, base)
	for k, v := range over {
		for old := range out {
			if strings.EqualFold(old, k) {
				delete(out, old)
			}
		}
		out[k] = v
	}
	return out
}
