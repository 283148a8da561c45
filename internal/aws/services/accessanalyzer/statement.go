package accessanalyzer

import (
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"

	"tamachi/internal/aws/reference"
)

// checker is a report with what statements are checked against.
type checker struct {
	*report
	names  map[string]reference.Names
	effect string // of the statement
}

// checkStatements looks at every statement, and at what they have in common.
func (r *report) checkStatements(at site, names map[string]reference.Names) {
	c := checker{report: r, names: names}
	if at.value.kind != isArray && at.value.kind != isObject {
		r.isKind(at, isArray)
		return
	}
	sids := map[string]bool{}
	seen := map[string]bool{}
	for _, s := range at.list() {
		if !r.isKind(s, isObject) {
			continue
		}
		c.checkStatement(s)
		if m := s.value.member("Sid"); m != nil && m.value.kind == isString {
			if sids[m.value.text] && m.value.text != "" {
				r.find(r.twice(), s.under(m))
			}
			sids[m.value.text] = true
		}
		if same := s.value.meaning("Sid"); seen[same] {
			r.find("REDUNDANT_STATEMENT", s)
		} else {
			seen[same] = true
		}
	}
}

// twice is the issue of a Sid that is there already.
func (r *report) twice() string {
	if r.of == types.PolicyTypeResourcePolicy && !r.trust() {
		return "UNIQUE_SIDS_RECOMMENDED"
	}
	return "UNIQUE_SIDS_REQUIRED"
}

// meaning is equal for values that say the same; without leaves a member out.
func (n *node) meaning(without string) string {
	var b strings.Builder
	switch n.kind {
	case isObject:
		for _, m := range n.members {
			if m.name != without {
				b.WriteString(m.name + "\x00" + m.value.meaning("") + "\x01")
			}
		}
	case isArray:
		for _, v := range n.items {
			b.WriteString(v.meaning("") + "\x02")
		}
		if len(n.items) == 1 { // a list of one is the one
			return n.items[0].meaning("")
		}
	case isString, isNumber, isBool, isNull:
		return n.text
	}
	return b.String()
}

var sidForm = regexp.MustCompile(`^[0-9A-Za-z]*$`)

func (c checker) checkStatement(s site) {
	c.elements(s, "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
	if m := s.value.member("Sid"); m != nil {
		if at := s.under(m); c.isKind(at, isString) {
			switch {
			case m.value.text == "":
				c.find("EMPTY_SID_VALUE", at)
			case c.of != types.PolicyTypeResourcePolicy && !sidForm.MatchString(m.value.text):
				c.find("UNSUPPORTED_SID", at)
			}
		}
	}
	c.checkEffect(s)
	for _, pair := range []string{"Principal", "Action", "Resource"} {
		plain, not := s.value.member(pair), s.value.member("Not"+pair)
		if plain != nil && not != nil {
			c.find("UNSUPPORTED_ELEMENT_COMBINATION", s.name(not), pair, "Not"+pair)
		}
	}
	c.checkPrincipals(s)
	c.checkActions(s)
	c.checkResources(s)
	if m := s.value.member("Condition"); m != nil {
		c.checkConditions(s.under(m))
	}
	c.checkRisks(s)
}

func (c *checker) checkEffect(s site) {
	m := s.value.member("Effect")
	if m == nil {
		c.find("MISSING_EFFECT", s)
		return
	}
	at := s.under(m)
	c.effect = m.value.text
	if c.isKind(at, isString) && m.value.text != "Allow" && m.value.text != "Deny" {
		c.find("INVALID_EFFECT", at, m.value.text)
	}
}

// either is the element or its opposite; nil when the statement has neither.
func (s site) either(name string) (m *member, inverted bool) {
	if m = s.value.member(name); m != nil {
		return m, false
	}
	m = s.value.member("Not" + name)
	return m, m != nil
}

// texts are the strings of an element; what is none is found.
func (c checker) texts(at site) []site {
	var out []site
	for _, v := range at.list() {
		if c.isKind(v, isString) {
			out = append(out, v)
		}
	}
	return out
}
