package policy

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParse reads any text as every kind of document; what is read decides the
// same whole and explained, and what is refused says where.
func FuzzParse(f *testing.F) {
	f.Add(`{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:a*?*b${aws:username, 'x'}"}}`, "a:b", "arn")
	f.Add(statement(`"Effect":"Deny","NotAction":"a:*","Principal":{"AWS":"*"},"NotResource":"*","Condition":{"ForAnyValue:DateLessThanIfExists":{"aws:x":["2026-01-01T00:00:00.5+09:00",1]},"IpAddress":{"a:b":"::/0"}}`), "a:b", "arn:aws:s3:::b/${*}")
	f.Add(statement(`"Effect":"Deny","Action":["s3:*","?3:Get","*:Put"],"Principal":"*","Resource":"*"`), "S3:Get", "*")
	f.Fuzz(func(t *testing.T, doc, action, resource string) {
		for _, parse := range []func(string) (*Document, error){Parse, ParseResource, ParseTrust, ParseSCP, ParseRCP} {
			d, err := parse(doc)
			if err != nil {
				fault, ok := err.(*Fault) //nolint:errorlint // parsers promise it
				if !ok || fault.Line < 1 || fault.Column < 1 || fault.Line > strings.Count(doc, "\n")+1 {
					t.Fatalf("a fault without a place in the text: %#v", err)
				}
				continue
			}
			context := keys{"aws:username": {resource}, "aws:x": {action, doc}, "a:b": nil}
			r := &Request{Action: action, Resource: resource, Keys: context, Who: Who{Kind: User, Account: "111122223333", ARN: resource}}
			p := &Policies{Identity: NewSet(Policy{Document: d}), SCPs: []*Set{NewSet(Policy{Document: d})}}
			decision := Decide(r, p)
			if decision.Unknown != "" && decision.Outcome != ExplicitDeny {
				t.Errorf("%q is unknown and the decision %v", decision.Unknown, decision.Outcome)
			}
			if e := Explain(r, p); e.Decision != decision || decision.Allowed() != (len(e.Changes) == 0) {
				t.Errorf("explained %+v as %+v", decision, e)
			}
			sameByIndex(t, d, r)
		}
	})
}

// sameByIndex finds the statements of an action one by one, without the index.
func sameByIndex(t *testing.T, d *Document, r *Request) {
	t.Helper()
	q := queryOf(r, &Policies{})
	want := verdict{}
	for i := range d.Statements {
		s := &d.Statements[i]
		if !s.actions.match(r.Action) {
			continue
		}
		switch named, applies, unknown := s.applies(&q); {
		case unknown != "" || applies && s.Deny:
			want.denies = true
		case applies:
			want.allows, want.named = true, max(want.named, named)
		}
	}
	got := NewSet(Policy{Document: d}).decide(&q)
	if got.denies != want.denies || !got.denies && (got.allows != want.allows || got.named != want.named) {
		t.Errorf("want %+v, got %+v by the index", want, got)
	}
}

// FuzzMatch compares texts with patterns.
func FuzzMatch(f *testing.F) {
	f.Add("a*b?c", "axxbyc")
	f.Fuzz(func(t *testing.T, pattern, value string) {
		if valid := utf8.ValidString(pattern); !strings.ContainsAny(pattern, "*?") && Match(pattern, value) != (valid && pattern == value) {
			t.Errorf("%q and %q: no wildcard, yet equality does not decide", pattern, value)
		}
		if !Match("*", value) {
			t.Errorf("* does not match %q", value)
		}
	})
}

// FuzzARN compares the matcher of resources, which goes back to two stars at
// most, with one that tries everything.
func FuzzARN(f *testing.F) {
	f.Add("arn:aws:*:a*b:x", "arn:aws:s3:ac:aab:x")
	f.Add("arn:aws:s3*:::b/*x?", "arn:aws:s3:::b/机xy")
	f.Add("arn:*:*a?:*", "arn:aws:a:ba:ca:x:y")
	f.Fuzz(func(t *testing.T, pattern, value string) {
		if len(pattern) > 200 || len(value) > 200 || !utf8.ValidString(value) {
			return
		}
		r, err := compileResource(pattern, false)
		if err != nil {
			return
		}
		got, _ := r.match(value, nil)
		if want := tryAll(r.text, value); got != want {
			t.Errorf("%q and %q: want %v, got %v", pattern, value, want, got)
		}
		matchARN(r.text, value)
	})
}

// tryAll matches a compiled pattern by all ways, in a table.
func tryAll(pattern, value string) bool {
	chars := []rune(value)
	fits := make([]bool, len(chars)+1) // of the pattern read so far, by how much of the value
	fits[0] = true
	for i := 0; i < len(pattern); {
		next := make([]bool, len(chars)+1)
		c, size := rune(pattern[i]), 1
		if pattern[i] < firstMark {
			c, size = utf8.DecodeRuneInString(pattern[i:])
		}
		for j := range next {
			switch {
			case pattern[i] == anyMark || pattern[i] == inMark:
				next[j] = fits[j] || j > 0 && next[j-1] && (pattern[i] == anyMark || chars[j-1] != ':')
			case j == 0:
			case pattern[i] == oneMark || pattern[i] == charMark:
				next[j] = fits[j-1] && (pattern[i] == oneMark || chars[j-1] != ':')
			default:
				next[j] = fits[j-1] && chars[j-1] == c
			}
		}
		fits = next
		i += size
	}
	return fits[len(chars)]
}

// FuzzCondition compares values with operands under every operator: a negated
// one is the opposite, IfExists changes nothing for a key that is there, and a
// single value is a set of one.
func FuzzCondition(f *testing.F) {
	f.Add("10.0.0.0/8", "10.1.2.3")
	f.Add("2026-11-22T00:00:00+09:00", "1795305600")
	f.Add("1e3", "1000.0")
	f.Add("${aws:username}*", "x:*")
	f.Add("arn:aws:iam::*:role/${aws:username, 'x'}", "arn:aws:iam::1:role/x")
	f.Fuzz(func(t *testing.T, operand, value string) {
		context := Keys{"a:b": {value}, "aws:username": {value}}
		holds := func(operator string) (bool, bool) {
			c, ok := readOperator(operator)
			if !ok {
				t.Fatalf("no operator %s", operator)
			}
			x, err := compileOperand(c.operator, operand, true)
			if err != nil {
				return false, false
			}
			c.key, c.operands = "a:b", []operandType{x}
			holds, _ := c.holds(context)
			return holds, true
		}
		for name := range operators {
			if name == "null" {
				continue
			}
			plain, ok := holds(name)
			if !ok {
				continue
			}
			for _, same := range []string{name + "IfExists", "ForAllValues:" + name, "ForAnyValue:" + name} {
				if got, _ := holds(same); got != plain {
					t.Errorf("%s of %q and %q: want %v as %s, got %v", same, operand, value, plain, name, got)
				}
			}
			opposite := map[string]string{
				"stringequals": "stringnotequals", "stringequalsignorecase": "stringnotequalsignorecase", "stringlike": "stringnotlike",
				"numericequals": "numericnotequals", "dateequals": "datenotequals", "ipaddress": "notipaddress", "arnlike": "arnnotlike", "arnequals": "arnnotequals",
			}[name]
			if opposite == "" {
				continue
			}
			known := !strings.Contains(operand, "${")
			if got, _ := holds(opposite); known && got == plain {
				t.Errorf("%s and %s of %q and %q are both %v", name, opposite, operand, value, plain)
			}
		}
	})
}

// operandType is operand, whose name the fuzzed text takes.
type operandType = operand
