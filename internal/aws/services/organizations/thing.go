package organizations

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// thing is what has an id in an organization: its root, a unit, an account, a
// policy, a handshake.
type thing struct {
	arn, name string
	// target is what it is for policies; empty for what none can be attached to.
	target types.TargetType
	tags   map[string]string
	// keep stores other tags; nil for what has none.
	keep func(*store.Tx, map[string]string) error
}

// find looks for what an id names; nil where it names nothing.
func (o *organization) find(tx *store.Tx, id string) (*thing, error) {
	switch {
	case id == o.Root:
		return &thing{arn: o.arn("root", id), name: "Root", target: types.TargetTypeRoot, tags: o.RootTags, keep: func(tx *store.Tx, tags map[string]string) error {
			o.RootTags = tags
			return known.Put(tx, store.Scope{}, o)
		}}, nil
	case strings.HasPrefix(id, "ou-"):
		u, err := unitOf(tx, o, id)
		if err != nil || u == nil {
			return nil, err
		}
		return &thing{arn: o.arn("ou", id), name: u.Name, target: types.TargetTypeOrganizationalUnit, tags: u.Tags, keep: func(tx *store.Tx, tags map[string]string) error {
			u.Tags = tags
			return units.Put(tx, store.Scope{}, u)
		}}, nil
	case strings.HasPrefix(id, "p-"):
		p, err := policyOf(tx, o, id)
		if err != nil || p == nil {
			return nil, err
		}
		t := &thing{arn: p.arn(o), name: p.Name, tags: p.Tags}
		if !p.ofAWS() {
			t.keep = func(tx *store.Tx, tags map[string]string) error {
				p.Tags = tags
				return policies.Put(tx, store.Scope{}, p)
			}
		}
		return t, nil
	}
	if strings.HasPrefix(id, "h-") {
		h, err := handshakes.Get(tx, store.Scope{}, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return &thing{arn: h.arn()}, nil
	}
	m, err := memberOf(tx, o, id)
	if err != nil || m == nil {
		return nil, err
	}
	return &thing{arn: o.arn("account", id), name: m.Name, target: types.TargetTypeAccount, tags: m.Tags, keep: func(tx *store.Tx, tags map[string]string) error {
		m.Tags = tags
		return members.Put(tx, store.Scope{}, m)
	}}, nil
}

// wantTarget is find with the error of policies and tags.
func (o *organization) wantTarget(tx *store.Tx, id string) (*thing, error) {
	t, err := o.find(tx, id)
	if err == nil && t == nil {
		err = &types.TargetNotFoundException{Message: aws.String("You specified a target that doesn't exist.")}
	}
	return t, err
}

// maxTags is how many a resource may have. Source: Organizations User Guide,
// "Tagging AWS Organizations resources".
const maxTags = 50

// wantTagged is wantTarget for what can have tags; the policies of AWS cannot.
func (o *organization) wantTagged(tx *store.Tx, id string) (*thing, error) {
	t, err := o.wantTarget(tx, id)
	if err == nil && t.keep == nil {
		err = &types.TargetNotFoundException{Message: aws.String("You specified a target that doesn't exist.")}
	}
	return t, err
}

// guess is the ARN of something that is not there, so that who may not ask
// learns AccessDenied and not whether it exists.
func (o *organization) guess(id string) string {
	switch {
	case strings.HasPrefix(id, "r-"):
		return o.arn("root", id)
	case strings.HasPrefix(id, "ou-"):
		return o.arn("ou", id)
	case strings.HasPrefix(id, "p-"):
		return o.arn("policy", "service_control_policy/"+id)
	case strings.HasPrefix(id, "h-"):
		return o.arn("handshake", "invite/"+id)
	}
	return o.arn("account", id)
}

// on makes checks of an action on each of some things, with the tags that they
// have. An account without organization learns so from the operation.
func (s *Service) on(ctx context.Context, action string, ids ...string) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	checks := make([]api.Check, 0, len(ids))
	err := s.store.View(ctx, func(tx *store.Tx) error {
		checks = checks[:0]
		o, err := find(tx, call.Account)
		if _, modelled := errors.AsType[smithy.APIError](err); modelled {
			o, err = &organization{ID: "o-0000000000", Management: call.Account}, nil
		}
		if err != nil {
			return err
		}
		for _, id := range ids {
			c := api.Check{Action: "organizations:" + action, Resource: o.guess(id), Owner: call.Account}
			t, err := o.find(tx, id)
			if err != nil {
				return err
			}
			if t != nil {
				c.Resource, c.Tags = t.arn, t.tags
			}
			checks = append(checks, c)
		}
		return nil
	})
	return checks, err
}

// onPolicy is on for a policy and what it concerns, with the policy's type.
func (s *Service) onPolicy(ctx context.Context, action string, ids ...string) ([]api.Check, error) {
	checks, err := s.on(ctx, action, ids...)
	if err != nil {
		return nil, err
	}
	// .../policy/o-.../service_control_policy/p-...
	kind := ""
	if parts := strings.Split(checks[0].Resource, "/"); len(parts) > 2 {
		kind = strings.ToUpper(parts[len(parts)-2])
	}
	return withKey(checks, nil, "organizations:PolicyType", kind)
}

// anywhere makes the check of an action that has no resource.
func anywhere(action string) ([]api.Check, error) { return api.OnAny("organizations:" + action), nil }

// withKey adds a condition key to every check.
func withKey(checks []api.Check, err error, key, value string) ([]api.Check, error) {
	for i := range checks {
		checks[i].Keys = map[string]string{key: value}
	}
	return checks, err
}

// tagged adds what tags at creation ask for.
func tagged(checks []api.Check, err error, given []types.Tag) ([]api.Check, error) {
	if err != nil {
		return nil, err
	}
	for i := range checks {
		c := &checks[i]
		c.Sets = map[string][]string{"aws:TagKeys": nil}
		if c.Keys == nil {
			c.Keys = map[string]string{}
		}
		for _, t := range given {
			c.Keys["aws:RequestTag/"+aws.ToString(t.Key)] = aws.ToString(t.Value)
			c.Sets["aws:TagKeys"] = append(c.Sets["aws:TagKeys"], aws.ToString(t.Key))
		}
	}
	if len(given) > 0 {
		also := checks[0]
		also.Action = "organizations:TagResource"
		checks = append(checks, also)
	}
	return checks, nil
}

// arnOf joins the ARN of something whose id is of the organization.
func arnOf(o *organization, resource string) string {
	return arn.New("organizations", "", o.Management, resource).String()
}
