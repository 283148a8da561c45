package policy

import (
	"strings"
	"testing"
)

// keys is a context by map: a key with no values is absent, one that is not
// there unknown.
type keys map[string][]string

// Values answers from the map.
func (k keys) Values(key string) ([]string, bool) {
	v, ok := k[key]
	return v, ok
}

const ws = "arn:aws:workspaces:ap-northeast-1:111122223333:workspace/ws-1"

// statement makes a document of one statement.
func statement(members string) string {
	return `{"Version":"2012-10-17","Statement":{` + members + `}}`
}

func TestEvaluate(t *testing.T) {
	tests := []struct {
		name, doc, action, resource string
		want                        Outcome
	}{
		{"an allowed action is allowed", statement(`"Effect":"Allow","Action":"workspaces:CreateWorkspaces","Resource":"*"`), "workspaces:CreateWorkspaces", ws, Allow},
		{"action names ignore case", `{"Statement":[{"Effect":"Allow","Action":["WORKSPACES:create*"],"Resource":"*"}]}`, "workspaces:CreateWorkspaces", ws, Allow},
		{"resources do not", statement(`"Effect":"Allow","Action":"*","Resource":"arn:` + strings.ToUpper(ws[4:]) + `"`), "workspaces:CreateWorkspaces", ws, ImplicitDeny},
		{"what is not named is denied", statement(`"Effect":"Allow","Action":"ds:*","Resource":"*"`), "workspaces:CreateWorkspaces", ws, ImplicitDeny},
		{"a deny wins whatever the order", `{"Statement":[{"Effect":"Deny","Action":"*","Resource":"arn:aws:workspaces:*:*:workspace/ws-?"},{"Effect":"Allow","Action":"*","Resource":"*"}]}`, "workspaces:CreateWorkspaces", ws, ExplicitDeny},
		{"NotAction allows the rest", statement(`"Effect":"Allow","NotAction":"iam:*","Resource":"*"`), "workspaces:CreateWorkspaces", ws, Allow},
		{"NotResource spares the named", statement(`"Effect":"Allow","Action":"*","NotResource":"` + ws + `"`), "workspaces:CreateWorkspaces", ws, ImplicitDeny},
		{"a wildcard at the end of its segment reaches over colons", statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:workspaces:*:workspace/ws-1"`), "workspaces:CreateWorkspaces", ws, Allow},
		{"a wildcard inside its segment does not", statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:workspaces:ap-*3:workspace/ws-1"`), "workspaces:CreateWorkspaces", ws, ImplicitDeny},
		{"nor does a question mark", statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:workspaces:ap-northeast-1?111122223333:workspace/ws-1"`), "workspaces:CreateWorkspaces", ws, ImplicitDeny},
		{"a wildcard inside a segment that must give way to an earlier one", statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:*:a*b:x"`), "s3:Get", "arn:aws:s3:ac:aab:x", Allow},
		{"the last wildcard reaches to the end", statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/*"`), "s3:GetObject", "arn:aws:s3:::b/x:y/z", Allow},
		{"an ARN does not cover an action without resource", statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::*"`), "s3:ListAllMyBuckets", "*", ImplicitDeny},
		{"a question mark is one character of any length", statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/?"`), "s3:GetObject", "arn:aws:s3:::b/机", Allow},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			d, err := Parse(tc.doc)
			if err != nil {
				t.Fatalf("parse: %v", err)
			}
			if got := d.Evaluate(tc.action, tc.resource); got != tc.want {
				t.Errorf("want %v, got %v", tc.want, got)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	allow := func(more string) string {
		return statement(`"Effect":"Allow","Action":"s3:*","Resource":"*"` + more)
	}
	tests := []struct{ name, doc, want string }{
		{"an effect that is neither", statement(`"Effect":"Maybe","Action":"*","Resource":"*"`), "Syntax errors in policy."},
		{"no effect", statement(`"Action":"*","Resource":"*"`), "Syntax errors in policy."},
		{"a statement without action", statement(`"Effect":"Allow","Resource":"*"`), "Policy statement must contain actions."},
		{"a statement without resource", statement(`"Effect":"Allow","Action":"*"`), "Policy statement must contain resources."},
		{"no statement", `{"Statement":[]}`, "Syntax errors in policy."},
		{"an empty text", ``, "Syntax errors in policy."},
		{"a second document", allow("") + "{}", "Syntax errors in policy."},
		{"a member twice, of which one would be lost", statement(`"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"`), "Syntax errors in policy."},
		{"an operator twice, of which one would be lost", allow(`,"Condition":{"Bool":{"aws:SecureTransport":"true"},"Bool":{}}`), "Syntax errors in policy."},
		{"a member in another case", statement(`"effect":"Allow","Action":"*","Resource":"*"`), "Syntax errors in policy."},
		{"Action beside NotAction", allow(`,"NotAction":"iam:*"`), "Syntax errors in policy."},
		{"an action without service", statement(`"Effect":"Allow","Action":"Create","Resource":"*"`), "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
		{"an action with two colons", statement(`"Effect":"Allow","Action":"a:b:c","Resource":"*"`), "Actions/Condition can contain only one colon."},
		{"a service that is none", statement(`"Effect":"Allow","Action":"a b:c","Resource":"*"`), "Vendor a b is not valid"},
		{"a resource that is no ARN", statement(`"Effect":"Allow","Action":"*","Resource":"bucket"`), `Resource bucket must be in ARN format or "*".`},
		{"a principal, where it belongs to one", allow(`,"Principal":"*"`), "Policy document should not specify a principal."},
		{"an operator that there is not", allow(`,"Condition":{"StringMatches":{"aws:username":"x"}}`), "Syntax errors in policy."},
		{"Null with IfExists", allow(`,"Condition":{"NullIfExists":{"aws:username":"true"}}`), "Syntax errors in policy."},
		{"a number that is none", allow(`,"Condition":{"NumericEquals":{"s3:max-keys":"many"}}`), "Syntax errors in policy."},
		{"a date that is none", allow(`,"Condition":{"DateLessThan":{"aws:CurrentTime":"2026-02-30T00:00:00Z"}}`), "Syntax errors in policy."},
		{"an address that is none", allow(`,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.300"}}`), "Syntax errors in policy."},
		{"a variable without end", statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws:username"`), "Syntax errors in policy."},
		{"a Sid twice", `{"Statement":[{"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"}]}`, "Statement IDs (SID) in a single policy must be unique."},
		{"nesting without end", strings.Repeat(`{"Statement":`, 100_000), "Syntax errors in policy."},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := Parse(tc.doc); err == nil || err.Error() != tc.want {
				t.Errorf("want %q, got %v", tc.want, err)
			}
		})
	}
	for name, doc := range map[string]string{
		"a trust policy with a resource":     statement(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Resource":"*"`),
		"a trust policy without a principal": statement(`"Effect":"Allow","Action":"sts:AssumeRole"`),
		"a principal with a wildcard":        statement(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::111122223333:user/*"}`),
		"a principal of no kind":             statement(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Cloud":"x"}`),
	} {
		if _, err := ParseTrust(doc); err == nil {
			t.Errorf("%s: want a refusal, got none", name)
		}
	}
}

func TestConditions(t *testing.T) {
	known := keys{
		"aws:username": {"alice"}, "aws:sourceip": {"10.1.2.3"}, "aws:securetransport": {"false"},
		"aws:currenttime": {"2026-11-22T09:30:00Z"}, "aws:multifactorauthage": {"300"},
		"aws:tagkeys": {"team", "cost"}, "aws:multifactorauthpresent": nil, "s3:prefix": {"home/alice/x"},
		"aws:principalarn": {"arn:aws:iam::111122223333:role/ops/admin"}, "aws:principaltag/team": {"red:*"},
		"aws:requesttag/team": {"red:*"}, "aws:empty": nil,
	}
	tests := []struct {
		condition string
		want      bool
	}{
		{`"StringEquals":{"aws:username":["bob","alice"]}`, true},
		{`"StringEquals":{"aws:username":"Alice"}`, false},
		{`"StringEqualsIgnoreCase":{"AWS:UserName":"Alice"}`, true},
		{`"StringNotEquals":{"aws:username":["bob","alice"]}`, false},
		{`"StringNotEquals":{"aws:empty":"x"}`, true},
		{`"StringEquals":{"aws:empty":"x"}`, false},
		{`"StringEqualsIfExists":{"aws:empty":"x"}`, true},
		{`"StringEquals":{"aws:username":"*"}`, false},
		{`"StringLike":{"aws:username":"a*e"}`, true},
		{`"StringNotLike":{"aws:username":"a*e"}`, false},
		{`"StringLike":{"s3:prefix":"home/${aws:username}/*"}`, true},
		{`"StringLike":{"aws:username":"${aws:PrincipalTag/team}"}`, false}, // a value's * is a star
		{`"StringEquals":{"aws:RequestTag/team":"${aws:PrincipalTag/team}"}`, true},
		{`"StringEquals":{"aws:username":"${aws:empty, 'alice'}"}`, true},
		{`"StringNotEquals":{"aws:username":"${aws:empty}"}`, true},
		{`"StringEquals":{"s3:prefix":"a${$}b"}`, false},
		{`"NumericLessThan":{"aws:MultiFactorAuthAge":3600}`, true},
		{`"NumericLessThanEquals":{"aws:MultiFactorAuthAge":"300.0"}`, true},
		{`"NumericGreaterThan":{"aws:MultiFactorAuthAge":"300"}`, false},
		{`"NumericNotEquals":{"aws:MultiFactorAuthAge":"300"}`, false},
		{`"NumericLessThan":{"aws:username":"5"}`, false},
		{`"DateGreaterThan":{"aws:CurrentTime":"2026-11-22T09:29:59Z"}`, true},
		{`"DateGreaterThan":{"aws:CurrentTime":"2026-11-22T18:30:00+09:00"}`, false},
		{`"DateEquals":{"aws:CurrentTime":"2026-11-22T18:30:00+09:00"}`, true},
		{`"DateLessThan":{"aws:CurrentTime":"2026-11-23"}`, true},
		{`"DateLessThan":{"aws:CurrentTime":"1795339801"}`, true},
		{`"DateLessThan":{"aws:CurrentTime":"1795339799"}`, false},
		{`"Bool":{"aws:SecureTransport":false}`, true},
		{`"Bool":{"aws:SecureTransport":"TRUE"}`, false},
		{`"Bool":{"aws:MultiFactorAuthPresent":"false"}`, false},
		{`"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`, true},
		{`"IpAddress":{"aws:SourceIp":["192.0.2.1","10.1.0.0/16"]}`, true},
		{`"NotIpAddress":{"aws:SourceIp":"10.1.0.0/16"}`, false},
		{`"IpAddress":{"aws:username":"10.1.0.0/16"}`, false},
		{`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/ops/*"}`, true},
		{`"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::*:role/ops/*"}`, true},
		{`"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/ops/*"}`, false},
		{`"ArnLike":{"aws:PrincipalArn":"arn:aws:*:role/ops/admin"}`, false},
		{`"Null":{"aws:MultiFactorAuthPresent":"true"}`, true},
		{`"Null":{"aws:username":"true"}`, false},
		{`"Null":{"aws:username":false}`, true},
		{`"ForAllValues:StringEquals":{"aws:TagKeys":["team","cost","x"]}`, true},
		{`"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}`, false},
		{`"ForAllValues:StringEquals":{"aws:empty":["team"]}`, true},
		{`"ForAnyValue:StringEquals":{"aws:TagKeys":["team"]}`, true},
		{`"ForAnyValue:StringEquals":{"aws:empty":["team"]}`, false},
		{`"ForAllValues:StringNotEquals":{"aws:TagKeys":["team"]}`, false},
		{`"ForAnyValue:StringNotEquals":{"aws:TagKeys":["team"]}`, true},
		{`"ForAnyValue:StringNotEquals":{"aws:TagKeys":["team","cost"]}`, false},
		{`"StringEquals":{"aws:username":"alice"},"Bool":{"aws:SecureTransport":"true"}`, false},
	}
	for _, tc := range tests {
		t.Run(tc.condition, func(t *testing.T) {
			d, err := Parse(statement(`"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{` + tc.condition + `}`))
			if err != nil {
				t.Fatal(err)
			}
			r := d.Decide(&Request{Action: "s3:ListBucket", Resource: "arn:aws:s3:::b", Keys: known})
			if r.Unknown != "" || (r.Outcome == Allow) != tc.want {
				t.Errorf("want %v, got %+v", tc.want, r)
			}
		})
	}
}

func TestWhatIsNotKnownDenies(t *testing.T) {
	known := keys{"aws:username": {"alice"}}
	allow := `{"Effect":"Allow","Action":"*","Resource":"*"}`
	tests := []struct{ name, statement, want string }{
		{"a key in a Deny", `{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"x:Planet":"mars"}}}`, "the condition key x:planet"},
		{"a key in an Allow", `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"x:Planet":"mars"}}}`, "the condition key x:planet"},
		{"a key behind a condition that fails", `{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:username":"bob","x:Planet":"mars"}}}`, "the condition key x:planet"},
		{"a key under IfExists", `{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringEqualsIfExists":{"x:Planet":"mars"}}}`, "the condition key x:planet"},
		{"a key under Null", `{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Null":{"x:Planet":"false"}}}`, "the condition key x:planet"},
		{"a variable of a resource", `{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::${x:planet}"}`, "the policy variable ${x:planet}"},
		{"a variable of a NotResource", `{"Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::${x:planet}"}`, "the policy variable ${x:planet}"},
		{"a variable of a condition", `{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:username":"${x:planet}"}}}`, "the policy variable ${x:planet}"},
		{"a key of a statement about something else does not", `{"Effect":"Deny","Action":"iam:*","Resource":"*","Condition":{"StringEquals":{"x:Planet":"mars"}}}`, ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			d, err := Parse(`{"Version":"2012-10-17","Statement":[` + allow + `,` + tc.statement + `]}`)
			if err != nil {
				t.Fatal(err)
			}
			r := d.Decide(&Request{Action: "s3:ListBucket", Resource: "arn:aws:s3:::b", Keys: known})
			if r.Unknown != tc.want || (r.Outcome == ExplicitDeny) != (tc.want != "") {
				t.Errorf("want %q, got %+v", tc.want, r)
			}
		})
	}
}

func TestVariablesAreTextBeforeVersion2012(t *testing.T) {
	d, err := Parse(`{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}"}}`)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Evaluate("s3:ListBucket", "arn:aws:s3:::${aws:username}"); got != Allow {
		t.Errorf("want the text itself allowed, got %v", got)
	}
}

func TestPrincipals(t *testing.T) {
	const a = "111122223333"
	user := Who{Account: a, ARN: "arn:aws:iam::" + a + ":user/alice", ID: "AIDAAAAAAAAAAAAAAAAAA"}
	session := Who{Kind: RoleSession, Account: a, ARN: "arn:aws:sts::" + a + ":assumed-role/ops/alice", Behind: "arn:aws:iam::" + a + ":role/ops", ID: "AROAAAAAAAAAAAAAAAAAA:alice"}
	federated := Who{Kind: FederatedUser, Account: a, ARN: "arn:aws:sts::" + a + ":federated-user/bob", Behind: user.ARN, ID: a + ":bob"}
	service := Who{Account: a, Service: "cloudtrail.amazonaws.com"}
	nobody := Who{}
	tests := []struct {
		name, principal string
		who             Who
		want            Named
	}{
		{"a user by its ARN", `"Principal":{"AWS":"` + user.ARN + `"}`, user, ByName},
		{"a user by its id", `"Principal":{"AWS":"AIDAAAAAAAAAAAAAAAAAA"}`, user, ByName},
		{"another user", `"Principal":{"AWS":"` + user.ARN + `2"}`, user, NotNamed},
		{"a session by its own ARN", `"Principal":{"AWS":["` + session.ARN + `","` + a + `"]}`, session, ByName},
		{"a session by its role", `"Principal":{"AWS":["` + session.Behind + `","` + a + `"]}`, session, ByBehind},
		{"a session as anyone, beside its role", `"Principal":{"AWS":["` + session.Behind + `","*"]}`, session, ByAnyone},
		{"a session by its role's id", `"Principal":{"AWS":"AROAAAAAAAAAAAAAAAAAA"}`, session, ByBehind},
		{"a federated user by its account, which begins its id", `"Principal":{"AWS":"` + a + `"}`, federated, ByAccount},
		{"a federated user by the user behind it", `"Principal":{"AWS":"` + user.ARN + `"}`, federated, ByBehind},
		{"an account by its number", `"Principal":{"AWS":"` + a + `"}`, user, ByAccount},
		{"an account by its root", `"Principal":{"AWS":"arn:aws:iam::` + a + `:root"}`, user, ByAccount},
		{"another account", `"Principal":{"AWS":"999988887777"}`, user, NotNamed},
		{"anyone", `"Principal":"*"`, user, ByAnyone},
		{"nobody is anyone", `"Principal":{"AWS":"*"}`, nobody, ByAnyone},
		{"nobody is of no account", `"Principal":{"AWS":"` + a + `"}`, nobody, NotNamed},
		{"a service", `"Principal":{"Service":"cloudtrail.amazonaws.com"}`, service, ByName},
		{"a service is not the account it works for", `"Principal":{"AWS":"999988887777"}`, service, NotNamed},
		{"an Allow's NotPrincipal leaves out who is listed", `"NotPrincipal":{"AWS":["` + user.ARN + `"]}`, user, NotNamed},
		{"or whose account is", `"NotPrincipal":{"AWS":["` + a + `"]}`, user, NotNamed},
		{"or whose role is", `"NotPrincipal":{"AWS":["` + session.Behind + `"]}`, session, NotNamed},
		{"NotPrincipal means everyone else", `"NotPrincipal":{"AWS":["` + user.ARN + `","` + a + `"]}`, nobody, ByAnyone},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			d, err := ParseResource(statement(`"Effect":"Allow","Action":"s3:*","Resource":"*",` + tc.principal))
			if err != nil {
				t.Fatal(err)
			}
			r := d.Decide(&Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Who: tc.who, Keys: keys{}})
			if r.Named != tc.want || (r.Outcome == Allow) != (tc.want != NotNamed) {
				t.Errorf("want %v, got %+v", tc.want, r)
			}
		})
	}
}

func TestADenysNotPrincipalSparesWhoIsListedByEveryName(t *testing.T) {
	const a = "111122223333"
	user := Who{Kind: User, Account: a, ARN: "arn:aws:iam::" + a + ":user/alice"}
	session := Who{Kind: RoleSession, Account: a, ARN: "arn:aws:sts::" + a + ":assumed-role/ops/alice", Behind: "arn:aws:iam::" + a + ":role/ops"}
	root := Who{Kind: Root, Account: a, ARN: "arn:aws:iam::" + a + ":root"}
	for name, tc := range map[string]struct {
		listed []string
		who    Who
		want   Outcome
	}{
		"a user with its account":          {[]string{user.ARN, a}, user, ImplicitDeny},
		"a user without its account":       {[]string{user.ARN}, user, ExplicitDeny},
		"a session with role and account":  {[]string{session.ARN, session.Behind, a}, session, ImplicitDeny},
		"a session without its role":       {[]string{session.ARN, a}, session, ExplicitDeny},
		"root by its account":              {[]string{a}, root, ImplicitDeny},
		"nobody, whoever is listed beside": {[]string{user.ARN, a}, Who{}, ExplicitDeny},
	} {
		d, err := ParseResource(statement(`"Effect":"Deny","Action":"s3:*","Resource":"*","NotPrincipal":{"AWS":["` + strings.Join(tc.listed, `","`) + `"]}`))
		if err != nil {
			t.Fatal(err)
		}
		if r := d.Decide(&Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Who: tc.who, Keys: keys{}}); r.Outcome != tc.want {
			t.Errorf("%s: want %v, got %+v", name, tc.want, r)
		}
	}
}

func TestDecidingDoesNotAllocateForAPlainPolicy(t *testing.T) {
	d, err := Parse(statement(`"Effect":"Allow","Action":["workspaces:*","ssm:*"],"Resource":"arn:aws:ssm:*:*:parameter/*","Condition":{"StringEquals":{"aws:username":"alice"}}`))
	if err != nil {
		t.Fatal(err)
	}
	user := Who{Kind: User, Account: "111122223333"}
	r := &Request{Action: "ssm:GetParameter", Resource: "arn:aws:ssm:ap-northeast-1:111122223333:parameter/a/b", Who: user, Keys: keys{"aws:username": {"alice"}}}
	p := &Policies{Identity: NewSet(Policy{Document: d})}
	if !Decide(r, p).Allowed() {
		t.Fatal("want an allow")
	}
	if n := testing.AllocsPerRun(100, func() { Decide(r, p) }); n > 0 {
		t.Errorf("want no allocation, got %v", n)
	}
}
