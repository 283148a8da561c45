package documents

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// reference is the document that a caller named, by its name or its ARN.
type reference struct {
	name   string
	scope  store.Scope // of its owner
	arn    string
	amazon *held // of owner Amazon
	wrong  bool  // an ARN of something else
}

// resolve reads a name or an ARN. One's own document comes before Amazon's,
// whose names nobody else can use.
func (s *Service) resolve(scope store.Scope, written string) reference {
	a, err := arn.Parse(written)
	if err != nil {
		r := reference{name: written, scope: scope, arn: arnOf(scope, written), amazon: s.amazon[written]}
		if r.amazon != nil {
			r.arn = arn.New("ssm", scope.Region, "", "document/"+written).String()
		}
		return r
	}
	name, ok := strings.CutPrefix(a.Resource, "document/")
	r := reference{name: name, scope: store.In(a.Account, a.Region), arn: written}
	r.wrong = !ok || a.Service != "ssm" || a.Region != scope.Region
	if a.Account == "" {
		r.amazon = s.amazon[name]
		r.wrong = r.wrong || r.amazon == nil
	}
	return r
}

// find returns the version of a document that a caller may read and means.
func (s *Service) find(tx *store.Tx, caller store.Scope, r reference, written, versionName *string) (*held, error) {
	if r.wrong {
		return nil, noDocument(r.name)
	}
	if r.amazon != nil {
		if n, err := r.amazon.doc.number(str(written)); err != nil || n != 1 || str(versionName) != "" {
			return nil, noVersion()
		}
		return r.amazon, nil
	}
	d, err := own(tx, r.scope, r.name)
	if err != nil {
		return nil, err
	}
	v, err := d.pick(tx, r.scope, written, versionName)
	if err != nil {
		return nil, err
	}
	if r.scope.Account != caller.Account && !d.shows(caller.Account, v.Number) {
		return nil, noVersion()
	}
	return &held{owner: r.scope.Account, doc: d, version: v}, nil
}

// own returns a document of a scope, or the API's error.
func own(tx *store.Tx, scope store.Scope, name string) (*document, error) {
	d, err := documents.Get(tx, scope, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, noDocument(name)
	}
	return d, err
}

// shows tells whether an account that the document is shared with may read a
// version.
func (d *document) shows(account string, n int64) bool {
	for _, who := range []string{account, everyone} {
		switch d.Shares[who] {
		case "$ALL":
			return true
		case "$LATEST":
			if n == d.Latest {
				return true
			}
		case "$DEFAULT":
			if n == d.Default {
				return true
			}
		}
	}
	return false
}

// Check is the check of an action on the document that a name or ARN means.
func (s *Service) Check(ctx context.Context, action, written string) ([]api.Check, error) {
	return s.checkNamed(ctx, action, written)
}

// checkNamed is the check of an action on a document that may be another
// account's: then what it is shared with is the policy of the resource.
func (s *Service) checkNamed(ctx context.Context, action, written string) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	r := s.resolve(store.In(call.Place()), written)
	c := api.Check{Action: action, Resource: r.arn}
	if r.wrong || r.amazon != nil {
		return []api.Check{c}, nil
	}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		d, err := documents.Get(tx, r.scope, r.name)
		if errors.Is(err, store.ErrNotFound) {
			return nil // the check is on its name alone
		}
		if err != nil {
			return err
		}
		c.Tags = d.Tags
		c.Policy, err = d.policy(r.arn)
		return err
	})
	return []api.Check{c}, err
}

// policy says in the language of policies whom a document is shared with.
func (d *document) policy(resource string) (string, error) {
	if len(d.Shares) == 0 {
		return "", nil
	}
	accounts := slices.Sorted(maps.Keys(d.Shares))
	principal := any(map[string]any{"AWS": accounts})
	if slices.Contains(accounts, everyone) {
		principal = "*"
	}
	text, err := json.Marshal(map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Effect": "Allow", "Principal": principal, "Resource": resource,
			"Action": []string{"ssm:DescribeDocument", "ssm:GetCalendarState", "ssm:GetDocument", "ssm:ListDocumentVersions", "ssm:SendCommand", "ssm:StartAutomationExecution"},
		}},
	})
	return string(text), err
}

// Document is a document as Run Command needs it.
type Document struct {
	Name, Version string
	Type, Schema  string
	JSON          []byte // whatever format it was written in
	Sha256, Sha1  string
	Amazon        bool     // the owner
	Platforms     []string // that it runs on
}

// Document returns the version that a caller's command names.
func (s *Service) Document(tx *store.Tx, caller store.Scope, written string, wanted *string) (Document, error) {
	r := s.resolve(caller, written)
	h, err := s.find(tx, caller, r, wanted, nil)
	if err != nil {
		return Document{}, err
	}
	c, err := h.version.content()
	if err != nil {
		return Document{}, err
	}
	d := Document{
		Name: h.Name, Version: *num(h.Number), Type: h.Type, Schema: c.schema, Sha256: h.Sha256, Sha1: sum1(h.Content),
		Amazon: h.owner == amazonOwner,
	}
	for _, one := range c.platforms() {
		d.Platforms = append(d.Platforms, string(one))
	}
	if c.root != nil {
		d.JSON = []byte(c.root.json())
	}
	return d, nil
}

// Platforms are the operating systems that a version of a document can run on.
func (s *Service) Platforms(tx *store.Tx, caller store.Scope, written string, wanted *string) ([]string, error) {
	h, err := s.find(tx, caller, s.resolve(caller, written), wanted, nil)
	if err != nil {
		return nil, err
	}
	c, err := h.version.content()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range c.platforms() {
		out = append(out, string(p))
	}
	return out, nil
}
