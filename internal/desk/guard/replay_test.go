package guard

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tamachi/internal/desk/report"
)

// office allows calls from the office only, but lets services go on with their
// callers' sessions: the policy of the first incident.
const office = `{
  "Version": "2012-10-17",
  "Statement": [{
    "Sid": "OfficeOnly",
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": {
      "NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"},
      "Bool": {"aws:ViaAWSService": "false"}
    }
  }]
}`

func record(t *testing.T, text string) *Record {
	t.Helper()
	r, err := readRecord([]byte(text))
	if err != nil {
		t.Fatalf("read %s: %v", text, err)
	}
	return r
}

func event(name, from, identity string) string {
	return `{"eventTime":"2026-11-20T09:00:00Z","eventSource":"` + strings.Replace(name, ":", `.amazonaws.com","eventName":"`, 1) +
		`","awsRegion":"ap-northeast-1","sourceIPAddress":"` + from + `","userAgent":"aws-cli","userIdentity":` + identity + `}`
}

const (
	ann    = `{"type":"IAMUser","accountId":"111122223333","arn":"arn:aws:iam::111122223333:user/ann","userName":"ann","principalId":"AIDAANN"}`
	deploy = `{"type":"AssumedRole","accountId":"111122223333","arn":"arn:aws:sts::111122223333:assumed-role/deploy/ann","principalId":"AROADEPLOY:ann",
		"sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/deploy","accountId":"111122223333","userName":"deploy"},
		"attributes":{"mfaAuthenticated":"true","creationDate":"2026-11-20T08:00:00Z"}}}`
	linked = `{"type":"AssumedRole","accountId":"111122223333","arn":"arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForX/x",
		"sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"}}}`
	service = `{"type":"AWSService","invokedBy":"cloudtrail.amazonaws.com"}`
	boss    = `{"type":"IAMUser","accountId":"999900001111","arn":"arn:aws:iam::999900001111:user/boss","userName":"boss"}`
)

func trial(t *testing.T, policyText string, kind Kind, target Target, events ...string) *Result {
	t.Helper()
	p, err := Read("policy.json", policyText, kind, false)
	if err != nil {
		t.Fatal(err)
	}
	tr := newTrial(p, target)
	for _, e := range events {
		tr.Add(record(t, e))
	}
	return tr.Result()
}

// said is a row in a line.
func said(r Row) string {
	out := string(r.Verdict) + " " + r.Principal + " " + r.Action
	if r.Via != "" {
		out += " via " + r.Via + ": " + string(r.ByRole) + ", " + string(r.ByServiceLinked)
	}
	if r.Statement != "" {
		out += " by " + r.Statement
	}
	if len(r.Missing) > 0 {
		out += " without " + strings.Join(r.Missing, ",")
	}
	return out
}

func TestTrial(t *testing.T) {
	const role = "arn:aws:iam::111122223333:role/deploy"
	byCloudFormation := strings.Replace(event("ec2:CreateVpc", "cloudformation.amazonaws.com", deploy), `"type":"AssumedRole"`, `"type":"AssumedRole","invokedBy":"cloudformation.amazonaws.com"`, 1)
	for name, row := range map[string]struct {
		policy string
		kind   Kind
		target Target
		events []string
		want   []string
	}{
		"from the office":        {office, SCP, Target{}, []string{event("ssm:GetParameter", "192.0.2.7", ann)}, nil},
		"from elsewhere":         {office, SCP, Target{}, []string{event("ssm:GetParameter", "198.51.100.7", ann)}, []string{"cut off arn:aws:iam::111122223333:user/ann ssm:GetParameter by OfficeOnly"}},
		"by a service":           {office, SCP, Target{}, []string{byCloudFormation}, []string{"passes " + role + " ec2:CreateVpc via cloudformation.amazonaws.com: cut off, passes by OfficeOnly"}},
		"service-linked roles":   {office, SCP, Target{}, []string{event("ec2:CreateVpc", "198.51.100.7", linked)}, nil},
		"services themselves":    {office, SCP, Target{}, []string{event("kms:Decrypt", "cloudtrail.amazonaws.com", service)}, nil},
		"the management account": {office, SCP, Target{Management: "999900001111"}, []string{event("ssm:GetParameter", "198.51.100.7", boss)}, nil},
		"but not from a boundary": {
			office, Boundary,
			Target{Management: "999900001111"},
			[]string{event("ssm:GetParameter", "198.51.100.7", boss)},
			[]string{"cut off arn:aws:iam::999900001111:user/boss ssm:GetParameter by OfficeOnly"},
		},
		"another account":   {office, SCP, Target{Accounts: []string{"444455556666"}}, []string{event("ssm:GetParameter", "198.51.100.7", ann)}, nil},
		"one role only":     {office, SCP, Target{Principal: role}, []string{event("ssm:GetParameter", "198.51.100.7", ann), event("ssm:GetParameter", "198.51.100.7", deploy)}, []string{"cut off " + role + " ssm:GetParameter by OfficeOnly"}},
		"was denied anyhow": {office, SCP, Target{}, []string{strings.Replace(event("ssm:GetParameter", "198.51.100.7", ann), `{`, `{"errorCode":"AccessDenied",`, 1)}, nil},
		"a key that no record has": {
			`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ec2:CreateVpc","Resource":"*","Condition":{"Null":{"aws:RequestTag/team":"true"}}}]}`,
			SCP,
			Target{},
			[]string{event("ec2:CreateVpc", "192.0.2.7", ann), event("ec2:DescribeVpcs", "192.0.2.7", ann)},
			[]string{"undecided arn:aws:iam::111122223333:user/ann ec2:CreateVpc without aws:RequestTag/team"},
		},
		"a resource that the record does not name": {
			`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ssm:*","Resource":"arn:aws:ssm:*:*:parameter/secret/*"}]}`,
			SCP,
			Target{},
			[]string{event("ssm:GetParameter", "192.0.2.7", ann)},
			[]string{"undecided arn:aws:iam::111122223333:user/ann ssm:GetParameter without resource"},
		},
		"a resource that it names": {
			`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ssm:*","Resource":"arn:aws:ssm:*:*:parameter/secret/*"}]}`,
			SCP,
			Target{},
			[]string{
				strings.Replace(event("ssm:GetParameter", "192.0.2.7", ann), `{`, `{"resources":[{"ARN":"arn:aws:ssm:ap-northeast-1:111122223333:parameter/secret/x"}],`, 1),
				strings.Replace(event("ssm:GetParameter", "192.0.2.7", ann), `{`, `{"resources":[{"ARN":"arn:aws:ssm:ap-northeast-1:111122223333:parameter/open"}],`, 1),
			},
			[]string{"cut off arn:aws:iam::111122223333:user/ann ssm:GetParameter by #1"},
		},
		"an event named otherwise": {
			`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"cloudwatch:PutMetricAlarm","Resource":"*"}]}`,
			SCP,
			Target{},
			[]string{event("monitoring:PutMetricAlarm", "192.0.2.7", ann)},
			[]string{"cut off arn:aws:iam::111122223333:user/ann cloudwatch:PutMetricAlarm by #1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, r := range trial(t, row.policy, row.kind, row.target, row.events...).Rows {
				got = append(got, said(r))
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnAllowListTakesThePlaceOfFullAccess(t *testing.T) {
	const only = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:*","Resource":"*"}]}`
	for alone, want := range map[bool]int{false: 0, true: 1} {
		p, err := Read("allow.json", only, SCP, alone)
		if err != nil {
			t.Fatal(err)
		}
		tr := newTrial(p, Target{})
		tr.Add(record(t, event("ssm:GetParameter", "192.0.2.7", ann)))
		tr.Add(record(t, event("kms:Decrypt", "192.0.2.7", ann)))
		if got := tr.Result().Rows; len(got) != want {
			t.Errorf("alone %v: want %d rows, got %+v", alone, want, got)
		}
	}
}

func TestRowsCountAndJoin(t *testing.T) {
	p, err := Read("office.json", office, SCP, false)
	if err != nil {
		t.Fatal(err)
	}
	one, two := newTrial(p, Target{}), newTrial(p, Target{})
	for range 3 {
		one.Add(record(t, event("ssm:GetParameter", "198.51.100.7", ann)))
	}
	later := strings.Replace(event("ssm:GetParameter", "198.51.100.7", ann), "2026-11-20", "2026-11-21", 1)
	two.Add(record(t, later))
	one.Join(two)
	got := one.Result()
	if len(got.Rows) != 1 || got.Rows[0].Count != 4 || got.Rows[0].Last.Day() != 21 || got.Read != 4 {
		t.Errorf("want one row of four calls, the last on the 21st, got %+v", got)
	}
}

func TestAFaultyPolicyIsRefusedWithItsPlace(t *testing.T) {
	_, err := Read("office.json", strings.Replace(office, "NotIpAddress", "NotIpAdress", 1), SCP, false)
	if err == nil || !strings.Contains(err.Error(), "office.json: ") {
		t.Errorf("want a fault in office.json, got %v", err)
	}
	if _, err := Read("x", office, "tag", false); err == nil {
		t.Error("a type that is no control policy was taken")
	}
}

func TestMessages(t *testing.T) {
	if gaps := report.Gaps(text); len(gaps) > 0 {
		t.Errorf("%v", gaps)
	}
}

func FuzzRecord(f *testing.F) {
	f.Add([]byte(event("ssm:GetParameter", "198.51.100.7", deploy)))
	f.Add([]byte(`{"userIdentity":{"sessionContext":{}},"resources":[{}]}`))
	p, err := Read("office.json", office, SCP, false)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(_ *testing.T, text []byte) {
		if r, err := readRecord(text); err == nil {
			tr := newTrial(p, Target{})
			tr.Add(r)
			tr.Result()
		}
	})
}
