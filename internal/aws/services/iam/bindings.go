package iam

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
	"tamachi/internal/store"
)

// Bindings are what is attached to a user, or to the role or user behind a
// session. Nobody may change what they hold: many calls share one.
type Bindings struct {
	Identity *policy.Set       // inline, managed, and those of the user's groups
	Boundary *policy.Set       // nil for none
	Tags     map[string]string // of the user or role
}

// What is held in memory.
const (
	maxBound    = 20_000 // callers
	maxCompiled = 5_000  // documents
)

// errStranger is the answer to credentials whose user or role is gone.
var errStranger = &smithy.GenericAPIError{Code: "InvalidClientTokenId", Message: "The security token included in the request is invalid."}

// Bindings finds what is attached to a caller: a user, or the role or user
// behind a session. They are held in memory until a change of this room is
// committed. The root user has none, and neither has who is no user or role.
func (s *Service) Bindings(ctx context.Context, c *api.Caller) (*Bindings, error) {
	id := behind(c)
	if id == "" {
		return &Bindings{}, nil
	}
	key := c.Account + "/" + id
	b, known, round := s.bound.Get(key)
	if known {
		return b, nil
	}
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		b, err = s.bind(tx, store.Scope{Account: c.Account}, id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, errStranger
	}
	if err != nil {
		return nil, err
	}
	s.bound.Keep(key, b, round)
	return b, nil
}

// behind is the unique id of the user or role whose policies a caller has.
func behind(c *api.Caller) string {
	id := c.UserID
	if c.Session != nil && c.Session.IssuerID != "" {
		id = c.Session.IssuerID
	}
	id, _, _ = strings.Cut(id, ":")
	if strings.HasPrefix(id, "AIDA") || strings.HasPrefix(id, "AROA") {
		return id
	}
	return ""
}

// bind gathers the policies of a user or role.
func (s *Service) bind(tx *store.Tx, sc store.Scope, id string) (*Bindings, error) {
	h, err := holderByID(tx, sc, id)
	if err != nil {
		return nil, err
	}
	b := &Bindings{Tags: h.tags}
	all, err := s.policiesOf(tx, sc, id, "")
	if err != nil {
		return nil, err
	}
	if h.kind == ofUser {
		in, err := groupsOf(tx, sc, id)
		if err != nil {
			return nil, err
		}
		for _, g := range in {
			more, err := s.policiesOf(tx, sc, g.ID, "group")
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
	}
	b.Identity = policy.NewSet(all...)
	if h.boundary == "" {
		return b, nil
	}
	most, err := s.managedPolicy(tx, sc, h.boundary)
	most.Kind = "boundary"
	b.Boundary = policy.NewSet(most)
	return b, err
}

// policiesOf gathers the policies of one holder; kind names them all, or else
// each by what it is.
func (s *Service) policiesOf(tx *store.Tx, sc store.Scope, holder, kind string) ([]policy.Policy, error) {
	var out []policy.Policy
	own, err := inlineOf(tx, sc, holder)
	if err != nil {
		return nil, err
	}
	for _, p := range own {
		out = append(out, policy.Policy{Name: p.Name, Kind: "inline", Document: s.compile(p.Document)})
	}
	have, err := attachedTo(tx, sc, holder)
	if err != nil {
		return nil, err
	}
	for _, a := range have {
		p, err := s.managedPolicy(tx, sc, a.Policy)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	for i := range out {
		if kind != "" {
			out[i].Kind = kind
		}
	}
	return out, nil
}

// managedPolicy compiles the default version of a managed policy. One that is
// not part of the plane any more denies: what it denied is not known.
func (s *Service) managedPolicy(tx *store.Tx, sc store.Scope, policyARN string) (policy.Policy, error) {
	out := policy.Policy{Name: policyARN[strings.LastIndex(policyARN, "/")+1:], ARN: policyARN, Kind: "managed"}
	m, err := lookManaged(tx, sc, policyARN)
	if errors.Is(err, store.ErrNotFound) {
		out.Document = policy.Unreadable("", "the policy "+policyARN+" is not part of this plane")
		return out, nil
	}
	if err != nil {
		return out, err
	}
	v, err := m.findVersion(tx, sc, versionID(m.Default))
	if err != nil {
		return out, err
	}
	out.Document = s.compile(v.Document)
	return out, nil
}

// compile reads a document once for all who have it. One that cannot be read
// denies: it never widens what somebody may do.
func (s *Service) compile(document string) *policy.Document {
	d, known, round := s.compiled.Get(document)
	if known {
		return d
	}
	d, err := policy.Parse(document)
	if err != nil {
		d = policy.Unreadable(document, "it cannot be read")
	}
	s.compiled.Keep(document, d, round)
	return d
}
