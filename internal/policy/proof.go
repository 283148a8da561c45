package policy

import (
	"errors"
	"slices"
	"strings"
)

// Verdict is what a search over all requests comes to.
type Verdict int

// The verdicts.
const (
	Open    Verdict = iota // it was not found out
	Proved                 // no request breaks it
	Refuted                // a request that breaks it was found
)

// Proof is what is known of all requests that one document alone decides. It
// holds for requests whose condition keys are all known. Of the policy of a
// resource it is about what that policy itself allows: whom a principal's own
// policies let in within the account, once a Deny of the resource is gone, it does
// not see, as AWS's checks of single documents do not.
type Proof struct {
	Verdict Verdict
	// Statements are those that break it, or may: numbers in the document.
	Statements []int
	// Witness is a request that breaks it; nil but for Refuted.
	Witness *Request
}

// What bounds one proof: the characters that are tried in looking for actions and
// resources, and the circumstances that are tried for what was found.
const (
	mostSteps = 1_000_000
	mostTries = 100_000
)

// rectangle are requests: actions and resources that meet wishes, under
// conditions that hold of them, of a statement's principals.
type rectangle struct {
	actions, resources []wish
	conditions         []condition
	of                 *Statement
}

// universe are the resources that a request can have: an ARN, or "*".
var universe = wish{patterns: [][]glyph{
	glyphs("*"),
	glyphs("arn:" + strings.Repeat(string([]byte{inMark, ':'}), 4) + string([]byte{anyMark})),
}}

// anyAction are the actions that a request can have.
var anyAction = wish{patterns: [][]glyph{glyphs(string([]byte{inMark, ':', inMark}))}}

// actionsOf are the actions that a statement is about.
func actionsOf(s *Statement) wish {
	w := wish{out: s.actions.inverted}
	for _, a := range s.actions.list {
		w.patterns = append(w.patterns, glyphs(a))
	}
	return w
}

// outerResources are at least the resources that a statement is about, whatever
// its variables hold; innerResources are at most those.
func outerResources(s *Statement) wish { return resourcesOf(s, !s.resources.inverted) }

func innerResources(s *Statement) wish { return resourcesOf(s, s.resources.inverted) }

// resourcesOf reads Resource or NotResource; withVariables says whether a
// pattern with a variable counts, as one that matches anything in its place.
func resourcesOf(s *Statement, withVariables bool) wish {
	w := wish{out: s.resources.inverted}
	for i := range s.resources.list {
		r := &s.resources.list[i]
		if len(r.variables) == 0 || withVariables {
			w.patterns = append(w.patterns, glyphs(r.text))
		}
	}
	return w
}

// allowedBy are the requests that an Allow may allow.
func allowedBy(s *Statement) *rectangle {
	return &rectangle{
		actions: []wish{anyAction, actionsOf(s)}, resources: []wish{universe, outerResources(s)}, conditions: s.conditions, of: s,
	}
}

// within narrows to the requests that another statement is about as well.
func (r *rectangle) within(s *Statement) *rectangle {
	out := *r
	out.actions = append(slices.Clip(r.actions), actionsOf(s))
	out.resources = append(slices.Clip(r.resources), outerResources(s))
	out.conditions = append(slices.Clip(r.conditions), s.conditions...)
	return &out
}

// cover is a statement that surely applies to some requests of a rectangle.
type cover struct {
	actions, resources       wish
	allActions, allResources bool // of the rectangle
}

// cover tells whether a statement surely applies to those requests of the
// rectangle that have its actions and resources: its principals are theirs, and
// its conditions hold whenever theirs do.
func (r *rectangle) cover(s *Statement) (cover, bool) {
	if !s.principals.include(r.of.principals) {
		return cover{}, false
	}
	for i := range s.conditions {
		if !slices.ContainsFunc(r.conditions, func(c condition) bool { return c.implies(&s.conditions[i]) }) {
			return cover{}, false
		}
	}
	return cover{
		actions: actionsOf(s), resources: innerResources(s),
		allActions:   s.actions.inverted == r.of.actions.inverted && within(r.of.Actions, s.Actions, s.actions.inverted),
		allResources: s.resources.inverted == r.of.resources.inverted && within(r.of.resources.texts(), s.resources.texts(), s.resources.inverted),
	}, true
}

// within tells whether every text of a list is in another one; inverted, the
// other way round.
func within(list, other []string, inverted bool) bool {
	if inverted {
		list, other = other, list
	}
	for _, text := range list {
		if !slices.Contains(other, text) {
			return false
		}
	}
	return true
}

// include tells whether whoever other names is named here, as closely or so that
// it passes by more limits.
func (p *principals) include(other *principals) bool {
	switch {
	case p == nil || other == nil:
		return p == nil && other == nil
	case p.inverted || other.inverted:
		return p.inverted == other.inverted && p.deny == other.deny && p.anyone == other.anyone && slices.Equal(p.aws, other.aws) &&
			slices.Equal(p.service, other.service) && slices.Equal(p.federated, other.federated)
	case p.anyone:
		return true
	}
	return !other.anyone && within(other.aws, p.aws, false) && within(other.service, p.service, false) && within(other.federated, p.federated, false)
}

// implies tells whether a condition holds whenever this one does: they are of
// one operator and one key, and the values are no wider.
func (c *condition) implies(w *condition) bool {
	if c.operator != w.operator || c.each != w.each || c.key != w.key || c.ifExists && !w.ifExists {
		return false
	}
	return within(c.values(), w.values(), c.operator.negated)
}

// texts are the patterns of the element as what they mean: a variable is one only
// in documents of Version 2012-10-17.
func (rs *resources) texts() []string {
	out := make([]string, len(rs.list))
	for i := range rs.list {
		out[i] = rs.list[i].meaning()
	}
	return out
}

func (c *condition) values() []string {
	out := make([]string, len(c.operands))
	for i := range c.operands {
		out[i] = c.operands[i].meaning()
	}
	return out
}

// meaning is equal for patterns that match the same.
func (p *pattern) meaning() string {
	var b strings.Builder
	b.WriteString(p.text)
	for _, v := range p.variables {
		b.WriteString("\x00" + v.key + "\x00" + v.fallback)
		if v.hasFallback {
			b.WriteByte(0)
		}
	}
	return b.String()
}

// errTooHard ends a search that takes too long.
var errTooHard = errors.New("the search takes too long")

// point is an action and a resource.
type point struct{ action, resource string }

// outside finds a point of the rectangle that is in none of the covers; nil when
// there is none.
func (s *search) outside(r *rectangle, covers []cover) (*point, error) {
	action, found, known := s.find(r.actions)
	if !known {
		return nil, errTooHard
	}
	if !found {
		return nil, nil
	}
	resource, found, known := s.find(r.resources)
	if !known {
		return nil, errTooHard
	}
	if !found {
		return nil, nil
	}
	if s.left -= len(covers); s.left < 0 {
		return nil, errTooHard
	}
	i := slices.IndexFunc(covers, func(c cover) bool { return c.has(action, resource) })
	if i < 0 {
		return &point{action, resource}, nil
	}
	c := covers[i]
	if !c.allActions {
		narrow := *r
		narrow.actions = append(slices.Clip(r.actions), c.actions.not())
		if p, err := s.outside(&narrow, covers); p != nil || err != nil {
			return p, err
		}
	}
	if c.allResources {
		return nil, nil
	}
	narrow := *r
	narrow.resources = append(slices.Clip(r.resources), c.resources.not())
	return s.outside(&narrow, covers)
}

func (w wish) not() wish { return wish{w.patterns, !w.out} }

func (w *wish) has(text string) bool {
	at := w.begin()
	for _, r := range text {
		at = w.step(at, r)
	}
	return w.met(at)
}

func (c *cover) has(action, resource string) bool {
	return (c.allActions || c.actions.has(action)) && (c.allResources || c.resources.has(resource))
}

// covers are those of the statements that surely apply in a rectangle.
func (r *rectangle) covers(list []Statement, wanted func(*Statement) bool) []cover {
	var out []cover
	for i := range list {
		if !wanted(&list[i]) {
			continue
		}
		if c, ok := r.cover(&list[i]); ok {
			out = append(out, c)
		}
	}
	return out
}

func isDeny(s *Statement) bool { return s.Deny }

func isAllow(s *Statement) bool { return !s.Deny }
