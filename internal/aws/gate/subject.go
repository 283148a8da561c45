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
	call *api.Call
	who  policy.Who
	held policy.Policies // but those of the resource
	tags map[string]string
	// organization finds that of an account, when a policy asks.
	organization func(account string) (id, path string, err error)
	// above finds what stands above the owner of a resource.
	above func(account string) (Levels, error)
}

// subject gathers who calls. Source: IAM User Guide, "Policy evaluation logic"
// and "Permissions for GetFederationToken".
func (g *Gate) subject(ctx context.Context, call *api.Call) (*subject, error) {
	c := &call.Caller
	s := &subject{
		call: call, who: whoIs(c),
		organization: func(account string) (id, path string, err error) { return g.orgs.Of(ctx, account) },
		above:        func(account string) (Levels, error) { return g.above(ctx, account) },
	}
	switch c.Type {
	case api.AWSService, api.ManagedInstance, api.AWSAccount:
		return s, nil
	}
	levels, err := s.above(c.Account)
	if err != nil {
		return nil, err
	}
	s.held.SCPs, s.who.Manages = levels.SCPs, levels.Manages
	issuer := c.Type
	if c.Session != nil && c.Session.IssuerType != "" {
		issuer = c.Session.IssuerType
	}
	if issuer != api.Root {
		b, err := g.principals.Bindings(ctx, c)
		if err != nil {
			return nil, err
		}
		s.held.Identity, s.held.Boundary, s.tags = b.Identity, b.Boundary, b.Tags
	}
	s.carry(&g.documents)
	return s, nil
}

// carry adds what the session itself holds. A federated session may only what
// its policies say, even when it has none.
func (s *subject) carry(d *documents) {
	c := &s.call.Caller
	if c.Session != nil && len(c.Session.Policies) > 0 {
		s.held.Session = d.get(ofSession, c.Session.Policies...)
	} else if c.Type == api.FederatedUser {
		s.held.Session = policy.NewSet()
	}
	if c.Session != nil && len(c.Session.Tags) > 0 {
		s.tags = merged(s.tags, c.Session.Tags)
	}
}

// above asks the port for what stands above an account, if there is one.
func (g *Gate) above(ctx context.Context, account string) (Levels, error) {
	if g.controls == nil || account == "" {
		return Levels{}, nil
	}
	return g.controls.Above(ctx, account)
}

// kinds says what sort of principal a caller is to policies. A node with a key
// of its own is no principal of IAM: it is a user without policies.
var kinds = map[api.PrincipalType]policy.Kind{
	api.Root: policy.Root, api.IAMUser: policy.User, api.AssumedRole: policy.RoleSession, api.FederatedUser: policy.FederatedUser,
	api.ManagedInstance: policy.User, api.AWSService: policy.Service, api.AWSAccount: policy.Anonymous,
}

// whoIs is the caller as policies of resources may name it.
func whoIs(c *api.Caller) policy.Who {
	w := policy.Who{Kind: kinds[c.Type]}
	switch c.Type {
	case api.AWSService:
		w.Service = c.Service
		return w
	case api.AWSAccount:
		return w
	}
	w.Account, w.ARN, w.ID = c.Account, c.ARN, c.UserID
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
