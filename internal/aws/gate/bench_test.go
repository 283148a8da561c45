package gate

import (
	"testing"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
)

// BenchmarkAuthorize measures what the gate adds to a call: who calls, what
// holds them, the condition keys that policies ask for, and the decision.
func BenchmarkAuthorize(b *testing.B) {
	f := open(b)
	f.prefixes["s3"] = true
	f.controls = controls{account: Levels{SCPs: []*policy.Set{
		identity(b, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`),
		identity(b, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","NotAction":["iam:*","sts:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","ap-northeast-1"]}}}]}`),
	}}}
	f.attached[alice.ARN] = Bindings{
		Identity: identity(b, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*","ssm:*"],"Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"},"StringEquals":{"aws:PrincipalTag/team":"red"}}},{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`),
		Tags:     map[string]string{"team": "red"},
	}
	call := &api.Call{Caller: alice, Account: account, Region: "eu-west-1", SourceIP: "192.0.2.7", Time: time.Unix(1e9, 0), Secure: true}
	check := get(account, "")
	b.ReportAllocs()
	for b.Loop() {
		who, err := f.subject(b.Context(), call)
		if err != nil {
			b.Fatal(err)
		}
		if reason, err := f.decide(who, &check); reason != "" || err != nil {
			b.Fatal(reason, err)
		}
	}
}
