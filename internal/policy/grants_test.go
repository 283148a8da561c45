package policy_test

import (
	"testing"

	"tamachi/internal/policy"
)

func TestWhatPoliciesCouldAllow(t *testing.T) {
	for name, row := range map[string]struct {
		statements []string
		want       bool
	}{
		"an allow by name":                         {[]string{`{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"*"}`}, true},
		"an allow by wildcard on one resource":     {[]string{`{"Effect":"Allow","Action":"ssm:Get*","Resource":"arn:aws:ssm:*:*:parameter/a"}`}, true},
		"an allow under a condition":               {[]string{`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`}, true},
		"an allow of all but others":               {[]string{`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`}, true},
		"an allow of all but this":                 {[]string{`{"Effect":"Allow","NotAction":"ssm:*","Resource":"*"}`}, false},
		"an allow of something else":               {[]string{`{"Effect":"Allow","Action":"ssm:PutParameter","Resource":"*"}`}, false},
		"a deny of everything":                     {[]string{`{"Effect":"Allow","Action":"*","Resource":"*"}`, `{"Effect":"Deny","Action":"ssm:*","Resource":"*"}`}, false},
		"a deny of one resource leaves the others": {[]string{`{"Effect":"Allow","Action":"*","Resource":"*"}`, `{"Effect":"Deny","Action":"ssm:*","Resource":"arn:aws:ssm:*:*:parameter/a"}`}, true},
		"a deny under a condition leaves the rest": {[]string{`{"Effect":"Allow","Action":"*","Resource":"*"}`, `{"Effect":"Deny","Action":"ssm:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`}, true},
	} {
		t.Run(name, func(t *testing.T) {
			var all []policy.Policy
			for _, s := range row.statements {
				d, err := policy.Parse(`{"Version":"2012-10-17","Statement":[` + s + `]}`)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, policy.Policy{Document: d})
			}
			if got := policy.NewSet(all...).Grants("ssm:GetParameter"); got != row.want {
				t.Errorf("want %v, got %v", row.want, got)
			}
		})
	}
	if (*policy.Set)(nil).Grants("ssm:GetParameter") {
		t.Error("no policies grant nothing")
	}
}
