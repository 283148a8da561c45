package policy_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"tamachi/internal/policy"
	"tamachi/internal/policy/cases"
)

// BenchmarkDecideSmall decides random cases of 1 to 10 documents of 1 to 4
// statements, compiled beforehand.
func BenchmarkDecideSmall(b *testing.B) {
	const n = 256
	var requests [n]*policy.Request
	var held [n]*policy.Policies
	for i := range requests {
		c := cases.New(uint64(i)).Case()
		p, err := c.Policies()
		if err != nil {
			b.Fatal(err)
		}
		requests[i], held[i] = &c.Request, p
	}
	b.ReportAllocs()
	before := used(b)
	for i := 0; b.Loop(); i++ {
		policy.Decide(requests[i%n], held[i%n])
	}
	perSecond(b, before)
}

// BenchmarkDecideRealistic decides with 6 identity policies of 10 statements of
// 11 actions, a boundary, 4 levels of 3 SCPs and 2 levels of RCPs.
func BenchmarkDecideRealistic(b *testing.B) {
	p, r := realistic(b)
	if d := policy.Decide(r, p); !d.Allowed() {
		b.Fatalf("want an allow, got %+v", d)
	}
	b.ReportAllocs()
	before := used(b)
	for b.Loop() {
		policy.Decide(r, p)
	}
	perSecond(b, before)
}

// BenchmarkCompile parses and compiles one of the realistic policies.
func BenchmarkCompile(b *testing.B) {
	text := realisticText(3)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		d, err := policy.Parse(text)
		if err != nil {
			b.Fatal(err)
		}
		policy.NewSet(policy.Policy{Document: d})
	}
}

// perSecond reports decisions by time and, for machines that do other work as
// well, by processor time.
func perSecond(b *testing.B, before time.Duration) {
	b.Helper()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
	b.ReportMetric(float64(b.N)/(used(b)-before).Seconds(), "decisions/cpu-s")
}

// used is the processor time that the test has taken.
func used(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

var (
	services = []string{"s3", "ssm", "ec2", "workspaces", "kms", "logs", "sqs", "sns", "dynamodb", "lambda"}
	verbs    = []string{"Get", "List", "Describe", "Put", "Create", "Delete", "Update", "Start", "Stop", "Tag", "Untag"}
)

// realisticText is a policy of 10 statements of 11 actions on two resources,
// each under a condition.
func realisticText(policyNumber int) string {
	var statements []string
	for s, service := range services {
		var actions []string
		for v, verb := range verbs {
			a := service + ":" + verb + "Thing" + fmt.Sprint(policyNumber)
			if v%4 == 3 {
				a = service + ":" + verb + "*" + fmt.Sprint(policyNumber)
			}
			actions = append(actions, `"`+a+`"`)
		}
		statements = append(statements, fmt.Sprintf(
			`{"Sid":"S%d","Effect":"Allow","Action":[%s],"Resource":["arn:aws:%s:*:111122223333:thing%d/*","arn:aws:%s:*:*:other/${aws:PrincipalTag/team}/*"],`+
				`"Condition":{"StringEquals":{"aws:PrincipalTag/team":["red","blue"]},"IpAddress":{"aws:SourceIp":["10.0.0.0/8","192.0.2.0/24"]}}}`,
			s, strings.Join(actions, ","), service, policyNumber, service))
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

func realistic(b *testing.B) (*policy.Policies, *policy.Request) {
	b.Helper()
	read := func(text string, parse func(string) (*policy.Document, error)) policy.Policy {
		d, err := parse(text)
		if err != nil {
			b.Fatal(err)
		}
		return policy.Policy{Document: d}
	}
	const all = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	regions := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":["iam:*","sts:*","organizations:*","support:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","ap-northeast-1"]},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/admin"}}}]}`
	trail := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["cloudtrail:StopLogging","cloudtrail:DeleteTrail","config:*","guardduty:*"],"Resource":"*"}]}`
	var identity []policy.Policy
	for i := range 6 {
		identity = append(identity, read(realisticText(i), policy.Parse))
	}
	p := &policy.Policies{Identity: policy.NewSet(identity...), Boundary: policy.NewSet(read(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","ssm:*","ec2:*","workspaces:*"],"Resource":"*"},{"Effect":"Deny","Action":"iam:*","Resource":"*"}]}`, policy.Parse))}
	for range 4 {
		p.SCPs = append(p.SCPs, policy.NewSet(read(all, policy.ParseSCP), read(regions, policy.ParseSCP), read(trail, policy.ParseSCP)))
	}
	for range 2 {
		p.RCPs = append(p.RCPs, policy.NewSet(read(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":["s3:*","workspaces:*"],"Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1234567890"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}}`, policy.ParseRCP)))
	}
	return p, &policy.Request{
		Action: "s3:GetThing4", Resource: "arn:aws:s3:eu-west-1:111122223333:thing4/a/b/c",
		Who: policy.Who{Kind: policy.User, Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/ann"},
		Keys: policy.Keys{
			"aws:principaltag/team": {"blue"}, "aws:sourceip": {"10.1.2.3"}, "aws:requestedregion": {"eu-west-1"},
			"aws:principalarn": {"arn:aws:iam::111122223333:user/ann"}, "aws:principalorgid": {"o-1234567890"}, "aws:principalisawsservice": {"false"},
		},
	}
}
