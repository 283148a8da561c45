package cases

import (
	"slices"
	"strings"

	"tamachi/internal/policy"
)

// family is a kind of operators with what their keys and operands may be.
type family struct {
	operators []string
	keys      []string
	operands  []string
	values    []string
}

var families = []family{
	{
		operators: []string{
			"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike", "BinaryEquals",
		},
		keys: []string{"aws:username", "aws:PrincipalTag/team", "aws:RequestTag/team", "aws:TagKeys", "s3:prefix"},
		operands: []string{
			"ann", "bob", "ANN", "a*", "?nn", "*", "", "${aws:username}", "${aws:PrincipalTag/team}", "${aws:PrincipalTag/team, 'ann'}",
			"${aws:none, 'bob'}", "${aws:none}", "${$}", "${*}", "${?}nn", "x${aws:username}y", "${aws:TagKeys}", "red:*", "${aws:unsure}", "home/*/${aws:username}",
		},
		values: []string{"ann", "bob", "ANN", "", "red:*", "xanny", "home/a/ann", "*", "机"},
	},
	{
		operators: []string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"},
		keys:      []string{"aws:MultiFactorAuthAge", "s3:max-keys"},
		operands:  []string{"10", "20", "20.0", "-3", "1e1"},
		values:    []string{"10", "20", "15.5", "-3", "many", "", "NaN", "1e1"},
	},
	{
		operators: []string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
		keys:      []string{"aws:CurrentTime", "aws:TokenIssueTime"},
		operands:  []string{"2026-11-22T00:00:00Z", "2026-11-22T09:00:00+09:00", "2026-11-23", "1795305600"},
		values:    []string{"2026-11-22T00:00:00Z", "2026-11-22T00:00:00.5Z", "2026-11-23T01:00:00Z", "1795305600", "yesterday"},
	},
	{
		operators: []string{"Bool"},
		keys:      []string{"aws:SecureTransport", "aws:ViaAWSService"},
		operands:  []string{"true", "false", "TRUE"},
		values:    []string{"true", "false", "True", "perhaps"},
	},
	{
		operators: []string{"IpAddress", "NotIpAddress"},
		keys:      []string{"aws:SourceIp", "aws:VpcSourceIp"},
		operands:  []string{"10.0.0.0/8", "10.1.2.3", "2001:db8::/32", "0.0.0.0/0", "::/0"},
		values:    []string{"10.1.2.3", "192.0.2.1", "2001:db8::1", "ssm.amazonaws.com", "::ffff:10.1.2.3"},
	},
	{
		operators: []string{"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"},
		keys:      []string{"aws:PrincipalArn", "aws:SourceArn"},
		operands: []string{
			"arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:user/${aws:username}", "arn:aws:*:*:*:*", "arn:aws:iam::111122223333:user/ann",
			"arn:aws:iam:*:user/ann", "*", "arn:aws:s3:::b?", "${aws:PrincipalArn}", "arn:aws:iam::11112222333?:*",
		},
		values: []string{"arn:aws:iam::111122223333:user/ann", "arn:aws:iam::444455556666:role/ops", "arn:aws:s3:::b1", "ann", "arn:aws:sns:eu-west-1:111122223333:a:b"},
	},
}

// unsure is a key that nobody vouches for, none one that no request has.
const unsure = "aws:unsure"

// keys makes the keys of a request: some absent, some with several values.
func (s Source) keys() policy.Keys {
	out := policy.Keys{unsure: nil}
	for _, f := range families {
		for _, k := range f.keys {
			if s.odds(4) {
				continue
			}
			n := 1
			if k == "aws:TagKeys" || s.odds(12) {
				n = s.IntN(4)
			}
			values := make([]string, n)
			for i := range values {
				values[i] = one(s, f.values)
			}
			if s.odds(60) {
				values = nil
			}
			out[strings.ToLower(k)] = slices.Clip(values)
		}
	}
	return out
}

// conditions makes a Condition element.
func (s Source) conditions() string {
	var operators []string
	seen := map[string]bool{}
	for range 1 + s.IntN(2) {
		f := one(s, families)
		name := one(s, f.operators)
		key, operands := one(s, f.keys), s.some(3, f.operands)
		if s.odds(60) {
			key = unsure
		}
		switch s.IntN(10) {
		case 0, 1:
			name = "ForAllValues:" + name
		case 2, 3:
			name = "ForAnyValue:" + name
		}
		switch {
		case s.odds(4):
			name += "IfExists"
		case s.odds(8):
			name, operands = "Null", s.some(2, []string{"true", "false"})
		}
		if seen[name] {
			continue
		}
		seen[name] = true
		operators = append(operators, quote(name)+`:{`+quote(key)+`:`+list(operands)+`}`)
	}
	return `{` + strings.Join(operators, ",") + `}`
}
