// Package cases makes random requests with random policies, for tests that
// compare one evaluator with another or want a property to hold. It is wide
// rather than likely: every operator, variables with and without defaults, keys
// with many values, all kinds of callers and all types of policies meet.
package cases

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"tamachi/internal/policy"
)

// Case is one request and all that holds it, before it is compiled, so that a
// test may change it.
type Case struct {
	Request policy.Request // its Keys are the case's
	Keys    policy.Keys
	Docs    []Doc
	// Levels are how many levels of SCPs and of RCPs there are, also where one has
	// no document.
	SCPs, RCPs int
	Limited    bool // a session policy counts though there may be none
}

// Doc is one policy document.
type Doc struct {
	Type       policy.Type // ResourceBased for that of a role, too
	Level      int         // of SCPs and RCPs
	Version    string      // empty for none
	Statements []Statement
}

// Statement is a statement with what a test needs to know of it.
type Statement struct {
	Deny bool
	Text string // JSON
}

// Text is the document as JSON.
func (d *Doc) Text() string {
	texts := make([]string, len(d.Statements))
	for i, s := range d.Statements {
		texts[i] = s.Text
	}
	version := ""
	if d.Version != "" {
		version = `"Version":"` + d.Version + `",`
	}
	return `{` + version + `"Statement":[` + strings.Join(texts, ",") + `]}`
}

// Clone copies a case so deeply that its documents may be changed.
func (c *Case) Clone() *Case {
	out := *c
	out.Docs = slices.Clone(c.Docs)
	for i := range out.Docs {
		out.Docs[i].Statements = slices.Clone(c.Docs[i].Statements)
	}
	return &out
}

// String shows the whole case, for the message of a failure.
func (c *Case) String() string {
	var b strings.Builder
	r := c.Request
	fmt.Fprintf(&b, "action %s resource %s owner %q ruled %v granted %v ownerManages %v ofAWS %v\n", r.Action, r.Resource, r.Owner, r.Ruled, r.Granted, r.OwnerManages, r.OfAWS)
	fmt.Fprintf(&b, "who %+v\n", r.Who)
	for _, k := range slices.Sorted(maps.Keys(c.Keys)) {
		fmt.Fprintf(&b, "key %s %q\n", k, c.Keys[k])
	}
	for _, d := range c.Docs {
		fmt.Fprintf(&b, "%s, level %d: %s\n", d.Type, d.Level, d.Text())
	}
	fmt.Fprintf(&b, "levels of SCPs %d, of RCPs %d, limited %v\n", c.SCPs, c.RCPs, c.Limited)
	return b.String()
}

// Policies compiles the documents.
func (c *Case) Policies() (*policy.Policies, error) {
	by := map[policy.Type][][]policy.Policy{policy.SCP: make([][]policy.Policy, c.SCPs), policy.RCP: make([][]policy.Policy, c.RCPs)}
	for i := range c.Docs {
		d := &c.Docs[i]
		parsed, err := c.parse(d)
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, d.Text())
		}
		for len(by[d.Type]) <= d.Level {
			by[d.Type] = append(by[d.Type], nil)
		}
		by[d.Type][d.Level] = append(by[d.Type][d.Level], policy.Policy{Name: fmt.Sprint(i), Document: parsed})
	}
	set := func(t policy.Type) *policy.Set {
		if len(by[t]) == 0 {
			return nil
		}
		return policy.NewSet(by[t][0]...)
	}
	p := &policy.Policies{
		Identity: set(policy.Identity), Boundary: set(policy.Boundary), Session: set(policy.Session),
		Resource: set(policy.ResourceBased), Endpoint: set(policy.VPCEndpoint),
	}
	if c.Limited && p.Session == nil {
		p.Session = policy.NewSet()
	}
	for i, level := range by[policy.SCP] {
		p.SCPs = append(p.SCPs, policy.NewLevel(fmt.Sprint("l", i), level...))
	}
	for i, level := range by[policy.RCP] {
		p.RCPs = append(p.RCPs, policy.NewLevel(fmt.Sprint("l", i), level...))
	}
	return p, nil
}

func (c *Case) parse(d *Doc) (*policy.Document, error) {
	switch d.Type {
	case policy.ResourceBased:
		if c.trust() {
			return policy.ParseTrust(d.Text())
		}
		return policy.ParseResource(d.Text())
	case policy.VPCEndpoint, policy.RCP:
		return policy.ParseResource(d.Text())
	}
	return policy.Parse(d.Text())
}

// trust tells whether the case is about the trust policy of a role.
func (c *Case) trust() bool {
	return c.Request.Ruled && strings.HasPrefix(c.Request.Action, "sts:")
}

// Source makes cases. It is not for use by many at once.
type Source struct{ *rand.Rand }

// New returns a source; the same seed makes the same cases.
func New(seed uint64) Source { return Source{rand.New(rand.NewPCG(seed, 7))} } //nolint:gosec // tests must repeat

// one picks an element.
func one[T any](s Source, of []T) T { return of[s.IntN(len(of))] }

// odds tells true once in n.
func (s Source) odds(n int) bool { return s.IntN(n) == 0 }

// list writes one value, or several, as JSON.
func list(values []string) string {
	if len(values) == 1 {
		return quote(values[0])
	}
	out, _ := json.Marshal(values) //nolint:errchkjson // texts
	return string(out)
}

func quote(s string) string {
	out, _ := json.Marshal(s) //nolint:errchkjson // a text
	return string(out)
}
