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
	for _, doc := range everyType {
		if _, ofPrincipal := Parse(doc); ofPrincipal != nil {
			_, ofResource := ParseResource(doc)
			if _, ofTrust := ParseTrust(doc); ofResource != nil && ofTrust != nil {
				f.Fatalf("%s: %v", doc, ofResource)
			}
		}
		f.Add(doc, "s3:GetObject", "arn:aws:s3:::b/k")
		f.Add(doc, "sts:AssumeRole", "arn:aws:iam::111122223333:role/r")
	}
	f.Fuzz(func(t *testing.T, doc, action, resource string) {
		// A comparison costs the product of pattern and value, and each document is
		// decided some hundred times here: what is longer than the largest policy of
		// AWS, or a value longer than a header, would take the fuzzer minutes.
		if len(doc) > 32<<10 || len(action) > 512 || len(resource) > 512 {
			return
		}
		for _, parse := range []func(string) (*Document, error){Parse, ParseResource, ParseTrust, ParseSCP, ParseRCP} {
			d, err := parse(doc)
			if err != nil {
				fault, ok := err.(*Fault) //nolint:errorlint // parsers promise it
				if !ok || fault.Line < 1 || fault.Column < 1 || fault.Line > strings.Count(doc, "\n")+1 {
					t.Fatalf("a fault without a place in the text: %#v", err)
				}
				continue
			}
			context := keys{"aws:username": {resource}, "aws:x": {action, doc[:min(len(doc), 512)]}, "a:b": nil}
			r := &Request{Action: action, Resource: resource, Keys: context, Who: Who{Kind: User, Account: "111122223333", ARN: resource}}
			set := NewSet(Policy{Document: d})
			for _, p := range []*Policies{
				{Identity: set, SCPs: []*Set{set}},
				{Identity: set, Resource: set, Boundary: set, Session: set, SCPs: []*Set{set, set}, RCPs: []*Set{set}, Endpoint: set},
			} {
				for _, who := range []Who{r.Who, {}, {Kind: Service, Service: "s3.amazonaws.com"}, {Kind: RoleSession, Account: "444455556666", ARN: action, Behind: resource, ID: "AROA:x"}} {
					r.Who = who
					sameExplained(t, r, p)
				}
			}
			sameByIndex(t, d, r)
		}
	})
}

// everyType are documents as each type of policy has them.
var everyType = []string{
	// of a principal, with variables and their defaults
	`{"Version":"2012-10-17","Id":"own","Statement":[{"Sid":"A1","Effect":"Allow","Action":["s3:Get*","s3:List?ucket"],"Resource":["arn:aws:s3:::b/${aws:PrincipalTag/team, 'none'}/*","arn:aws:s3:::b/k"],"Condition":{"StringLike":{"aws:username":["a*","${aws:userid}"]},"Null":{"aws:TokenIssueTime":"true"}}}]}`,
	`{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/${aws:username}"}}`,
	// of a bucket, a key and a topic
	`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"IpAddress":{"aws:SourceIp":["192.0.2.0/24","2001:db8::/32"]}}},{"Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::111122223333:root","arn:aws:sts::111122223333:assumed-role/r/s"],"Service":"s3.amazonaws.com"},"NotAction":"s3:List*","Resource":"*"}]}`,
	`{"Version":"2012-10-17","Statement":[{"Sid":"Enable IAM policies","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"kms:*","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]},"NumericLessThanEquals":{"aws:MultiFactorAuthAge":"300"}}}]}`,
	// trust policies
	`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","ssm.amazonaws.com"],"AWS":"AIDAEXAMPLEEXAMPLE"},"Action":["sts:AssumeRole","sts:TagSession"],"Condition":{"StringEquals":{"sts:ExternalId":"x"},"ArnLike":{"aws:SourceArn":"arn:aws:ssm:*:111122223333:*"},"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}`,
	`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/p"},"Action":"sts:AssumeRoleWithSAML","Condition":{"StringEqualsIgnoreCase":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}}]}`,
	// control policies
	`{"Version":"2012-10-17","Statement":[{"Sid":"OfficeOnly","Effect":"Deny","NotAction":["iam:*","sts:*"],"Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"},"BoolIfExists":{"aws:ViaAWSService":"false"},"DateGreaterThan":{"aws:CurrentTime":"2026-11-22T00:00:00Z"},"BinaryEquals":{"a:b":"QQ=="}}},{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::b/*"}]}`,
	`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":["s3:*","sts:AssumeRole"],"Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-abcdefghij"},"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":["o-abcdefghij/*"]}}}]}`,
	// of a VPC endpoint
	`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceAccount":"111122223333","aws:SourceVpce":"vpce-1"}}}]}`,
}

// sameExplained explains what it decides.
func sameExplained(t *testing.T, r *Request, p *Policies) {
	t.Helper()
	decision := Decide(r, p)
	if decision.Unknown != "" && decision.Outcome != ExplicitDeny {
		t.Errorf("%q is unknown and the decision %v", decision.Unknown, decision.Outcome)
	}
	if e := Explain(r, p); e.Decision != decision || decision.Allowed() != (len(e.Changes) == 0) {
		t.Errorf("explained %+v as %+v", decision, e)
	}
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

// FuzzMatch compares the matcher of texts with one that tries everything.
func FuzzMatch(f *testing.F) {
	f.Add("a*b?c", "axxbyc")
	f.Add("*a*a*b", "aaaaaaaab")
	f.Add("??*機", "ab藤機")
	f.Add("s3:Get*Acl", "s3:GetObjectAcl")
	f.Fuzz(func(t *testing.T, pattern, value string) {
		if !Match("*", value) {
			t.Errorf("* does not match %q", value)
		}
		if len(pattern) > 200 || len(value) > 200 || !utf8.ValidString(value) || strings.ContainsAny(pattern, "$") {
			return
		}
		want := utf8.ValidString(pattern) && allWays([]rune(pattern), []rune(value))
		if got := Match(pattern, value); got != want {
			t.Errorf("%q and %q: want %v, got %v", pattern, value, want, got)
		}
	})
}

// allWays matches a pattern by all ways, in a table.
func allWays(pattern, value []rune) bool {
	fits := make([]bool, len(value)+1)
	fits[0] = true
	for _, c := range pattern {
		next := make([]bool, len(value)+1)
		for j := range next {
			switch {
			case c == '*':
				next[j] = fits[j] || j > 0 && next[j-1]
			case j > 0:
				next[j] = fits[j-1] && (c == '?' || c == value[j-1])
			}
		}
		fits = next
	}
	return fits[len(value)]
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
