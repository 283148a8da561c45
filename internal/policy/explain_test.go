package policy_test

import (
	"slices"
	"testing"

	"tamachi/internal/policy"
	"tamachi/internal/policy/cases"
)

func document(t *testing.T, text string) *policy.Document {
	t.Helper()
	d, err := policy.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestTheIncidentOfTheOfficeAddress is an SCP that binds an account to the
// address of the office but for calls that AWS makes for the caller, and what
// it does to the three ways in which a service calls.
func TestTheIncidentOfTheOfficeAddress(t *testing.T) {
	scp := policy.NewLevel("ou-1", policy.Policy{Name: "office", ARN: "arn:aws:organizations::111122223333:policy/o-1/service_control_policy/p-1", Document: document(t, `{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"},
    {"Sid": "Office", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {
      "NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}, "Bool": {"aws:ViaAWSService": "false"}}}
  ]
}`)})
	allow := policy.NewSet(policy.Policy{Document: document(t, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)})
	ann := policy.Who{Kind: policy.User, Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/ann"}
	role := policy.Who{Kind: policy.RoleSession, Account: "111122223333", ARN: "arn:aws:sts::111122223333:assumed-role/stack/x", Behind: "arn:aws:iam::111122223333:role/stack"}
	linked := role
	linked.Behind = "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/R"
	for _, tc := range []struct {
		name    string
		who     policy.Who
		ip, via string
		want    policy.Outcome
	}{
		{"the user from the office", ann, "192.0.2.7", "false", policy.Allow},
		{"the user from elsewhere", ann, "198.51.100.1", "false", policy.ExplicitDeny},
		{"the service with the user's session", ann, "cloudformation.amazonaws.com", "true", policy.Allow},
		{"the service with a service role", role, "cloudformation.amazonaws.com", "false", policy.ExplicitDeny},
		{"the service with its service-linked role", linked, "cloudformation.amazonaws.com", "false", policy.Allow},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := &policy.Request{Action: "ec2:RunInstances", Resource: "*", Who: tc.who, Keys: policy.Keys{"aws:sourceip": {tc.ip}, "aws:viaawsservice": {tc.via}}}
			d := policy.Explain(r, &policy.Policies{Identity: allow, SCPs: []*policy.Set{scp}})
			if d.Decision.Outcome != tc.want {
				t.Fatalf("want %v, got %+v", tc.want, d)
			}
			if tc.want == policy.Allow {
				return
			}
			if want := "with an explicit deny in a service control policy"; d.Decision.Reason(r.Action) != want {
				t.Errorf("want %q, got %q", want, d.Decision.Reason(r.Action))
			}
			if len(d.Changes) != 1 || d.Changes[0].Level != "ou-1" {
				t.Fatalf("want the one level that denies, got %+v", d.Changes)
			}
			f := d.Findings[d.Changes[0].Finding]
			if f.SID != "Office" || f.Policy.Name != "office" || f.Start != (policy.Position{Line: 5, Column: 5}) || f.End.Line != 6 || len(f.Conditions) != 2 || !f.Conditions[0].Holds {
				t.Errorf("want the statement with its place and conditions, got %+v", f)
			}
		})
	}
}

func TestAnExplanationNamesAllThatIsMissing(t *testing.T) {
	d := policy.Explain(&policy.Request{
		Action: "ssm:GetParameter", Resource: "arn:aws:ssm:eu-west-1:444455556666:parameter/x", Owner: "444455556666",
		Who: policy.Who{Kind: policy.User, Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/ann"}, Keys: policy.Keys{},
	}, &policy.Policies{
		Identity: policy.NewSet(policy.Policy{Document: document(t, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ssm:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/Team":"${aws:RequestTag/Team}"}}}}`)}),
		Boundary: policy.NewSet(policy.Policy{Document: document(t, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`)}),
		SCPs:     []*policy.Set{policy.NewLevel("r-1"), policy.NewLevel("111122223333")},
	})
	var types []policy.Type
	for _, c := range d.Changes {
		types = append(types, c.Type)
	}
	if want := []policy.Type{policy.SCP, policy.SCP, policy.Identity, policy.Boundary, policy.ResourceBased}; !slices.Equal(types, want) {
		t.Errorf("want %v, got %v", want, types)
	}
	if want := []string{"aws:PrincipalTag/Team", "aws:RequestTag/Team"}; !slices.Equal(d.Missing, want) {
		t.Errorf("want the missing keys %v, got %v", want, d.Missing)
	}
	if d.Decision.By != policy.SCP {
		t.Errorf("want the SCP named, got %v", d.Decision.By)
	}
}

func TestAnExplanationDecidesTheSame(t *testing.T) {
	every(t, func(t *testing.T, _ cases.Source, c *cases.Case, before policy.Decision) {
		p, err := c.Policies()
		if err != nil {
			t.Fatal(err)
		}
		d := policy.Explain(&c.Request, p)
		if d.Decision != before || d.Decision.Allowed() != (len(d.Changes) == 0) {
			t.Errorf("got %+v", d)
		}
	})
}

func TestContextKeys(t *testing.T) {
	d := document(t, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/${aws:username}","Condition":{"StringLike":{"s3:prefix":["${aws:UserName}","${saml:sub, 'x'}"]},"Null":{"aws:TokenIssueTime":"true"}}}}`)
	if got, want := policy.ContextKeys(d), []string{"aws:TokenIssueTime", "aws:username", "s3:prefix", "saml:sub"}; !slices.Equal(got, want) {
		t.Errorf("want %q, got %q", want, got)
	}
}

func TestFaultsSayWhere(t *testing.T) {
	for text, want := range map[string]policy.Position{
		"{\n \"Statement\": [\n  {\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\n   \"Condition\":{\"StringSame\":{}}}]}":                                 {Line: 4, Column: 30},
		"{\"Statement\":{\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\"}}":                                                                                  {Line: 1, Column: 24},
		"{\"Version\":\"2012-10-17\",\"Statement\":[]}":                                                                                                               {Line: 1, Column: 37},
		"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"bucket\"}}":                                                                             {Line: 1, Column: 56},
		"{\"Statement\":{\"Effect\":\"Allow\"}}":                                                                                                                      {Line: 1, Column: 14},
		"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Action\":\"*\"}}":                                                                                    {Line: 1, Column: 45},
		"{\"Statement\":\n{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":[\"10.0.0.0/8\",\"300.0.0.1\"]}}}}": {Line: 2, Column: 87},
	} {
		_, err := policy.Parse(text)
		fault, ok := err.(*policy.Fault) //nolint:errorlint // Parse promises it
		if !ok || fault.Position != want {
			t.Errorf("%s: want %+v, got %#v", text, want, err)
		}
	}
}
