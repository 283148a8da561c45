package policy

import (
	"maps"
	"slices"
	"strings"
)

// Accounts of requests that are made up.
const (
	someAccount  = "999999999999"
	someResource = "888888888888" // the owner of what they ask for
)

// alone are the policies of a request that one document decides: an identity
// policy for its principal, or the policy of a resource of another account, for
// a caller whom nothing else limits.
func alone(d *Document) *Policies {
	set := NewSet(Policy{Document: d})
	if len(d.Statements) > 0 && d.Statements[0].principals == nil {
		return &Policies{Identity: set}
	}
	return &Policies{Identity: allows, Resource: set}
}

// allows is a set that allows everything.
var allows = NewSet(Policy{Document: &Document{Version: "2012-10-17", Statements: []Statement{{
	actions: actions{list: []string{string([]byte{anyMark})}}, resources: resources{list: []resource{{form: anything}}}, silent: true,
}}}})

// witness looks for circumstances in which a request at a point breaks what was
// to be proved.
func (s *search) witness(r *rectangle, p *point, breaks func(*Request) bool, documents ...*Document) (*Request, error) {
	var keys []string
	var choices [][][]string
	values := valuesOf(r, p, documents)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		keys, choices = append(keys, key), append(choices, values[key])
	}
	for _, who := range whoCould(r.of.principals) {
		q := &Request{Action: p.action, Resource: p.resource, Who: who}
		if r.of.principals != nil {
			q.Owner = someResource
		}
		at := make([]int, len(keys))
		for more := true; more && s.tries > 0; s.tries-- {
			known := Keys{}
			for i, key := range keys {
				if v := choices[i][at[i]]; v != nil {
					known[key] = v
				}
			}
			q.Keys = known
			if breaks(q) {
				return q, nil
			}
			more = advance(at, choices)
		}
	}
	return nil, errNoWitness
}

// advance goes to the next combination; false when there is none.
func advance(at []int, choices [][][]string) bool {
	for i := range at {
		if at[i]++; at[i] < len(choices[i]) {
			return true
		}
		at[i] = 0
	}
	return false
}

// valuesOf are values worth trying for every key that documents ask for: what
// the rectangle's own conditions want first, then what others want, what none
// wants, and none at all.
func valuesOf(r *rectangle, p *point, documents []*Document) map[string][][]string {
	out := map[string][][]string{}
	add := func(key string, value []string) {
		if !slices.ContainsFunc(out[key], func(v []string) bool { return slices.Equal(v, value) && (v == nil) == (value == nil) }) {
			out[key] = append(out[key], value)
		}
	}
	take := func(c *condition) {
		if c.operator.kind == null || c.operator.negated {
			add(c.key, nil)
		}
		for i := range c.operands {
			add(c.key, []string{c.operands[i].sample(c.operator, c.texts[i])})
			for _, v := range c.operands[i].variables {
				add(v.key, []string{""})
			}
		}
	}
	for i := range r.conditions {
		take(&r.conditions[i])
	}
	within := parts(p.resource)
	try := func(s *Statement) {
		for i := range s.conditions {
			take(&s.conditions[i])
		}
		for i := range s.resources.list {
			for _, v := range s.resources.list[i].variables {
				for _, part := range within {
					add(v.key, []string{part})
				}
			}
		}
	}
	for _, d := range documents {
		for i := range d.Statements {
			try(&d.Statements[i])
		}
	}
	for key := range out {
		for _, other := range []string{"x", "true", "false", "arn:aws:iam::" + someAccount + ":role/x", "203.0.113.77", "2000-01-01T00:00:00Z", "1"} {
			if !slices.ContainsFunc(out[key], func(v []string) bool { return len(v) == 1 && v[0] == other }) && len(out[key]) < 12 {
				out[key] = append(out[key], []string{other})
			}
		}
		add(key, nil)
	}
	return out
}

// parts are what a variable in the pattern of a resource may stand for: nothing,
// or a part of the resource's path.
func parts(resource string) []string {
	out := strings.FieldsFunc(resource, func(r rune) bool { return r == '/' || r == ':' })
	return append([]string{""}, out[max(0, len(out)-6):]...)
}

// sample is a value that an operand matches.
func (x *operand) sample(op operator, written string) string {
	switch op.kind {
	case like, arnLike, equals:
		var b strings.Builder
		for _, g := range glyphs(x.text) {
			switch g.kind {
			case literalGlyph:
				b.WriteRune(g.r)
			case oneGlyph, charGlyph:
				b.WriteByte('x')
			case manyGlyph, inGlyph:
			}
		}
		return b.String()
	case address:
		return x.network.Addr().String()
	case numeric, date, boolean, null:
	}
	return written
}

// whoCould are callers whom a statement is about.
func whoCould(p *principals) []Who {
	anybody := Who{Kind: User, Account: someAccount, ARN: "arn:aws:iam::" + someAccount + ":user/x", ID: "AIDAXXXXXXXXXXXXXXXXX"}
	if p == nil {
		return []Who{anybody}
	}
	var out []Who
	if p.anyone || p.inverted {
		out = append(out, anybody, Who{Kind: Anonymous})
	}
	for _, name := range p.aws {
		out = append(out, meant(name))
	}
	for _, host := range p.service {
		out = append(out, Who{Kind: Service, Service: host})
	}
	for _, provider := range p.federated {
		out = append(out, Who{Kind: External, Federated: provider})
	}
	return out
}

// meant is a caller whom a name of a policy means.
func meant(name string) Who {
	w := Who{Kind: User, Account: someAccount, ARN: name}
	if accountID.MatchString(name) {
		w.Account, w.ARN = name, "arn:aws:iam::"+name+":user/x"
		return w
	}
	if uniqueID.MatchString(name) {
		w.ID, w.ARN = name, "arn:aws:iam::"+someAccount+":user/x"
		if strings.HasPrefix(name, "AROA") {
			w.Kind, w.ID, w.ARN, w.Behind = RoleSession, name+":x", "arn:aws:sts::"+someAccount+":assumed-role/x/x", "arn:aws:iam::"+someAccount+":role/x"
		}
		return w
	}
	parts := strings.SplitN(name, ":", 6)
	w.Account = parts[4]
	kind, rest, _ := strings.Cut(parts[5], "/")
	role := rest[strings.LastIndexByte(rest, '/')+1:]
	switch kind {
	case "root":
		w.ARN = "arn:aws:iam::" + w.Account + ":user/x"
	case "role":
		w.Kind, w.Behind, w.ARN = RoleSession, name, "arn:aws:sts::"+w.Account+":assumed-role/"+role+"/x"
	case "assumed-role":
		w.Kind, w.Behind = RoleSession, "arn:aws:iam::"+w.Account+":role/"+strings.SplitN(rest, "/", 2)[0]
	case "federated-user":
		w.Kind, w.Behind = FederatedUser, "arn:aws:iam::"+w.Account+":user/x"
	}
	return w
}
