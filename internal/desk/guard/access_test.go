package guard

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/desk/report"
)

func alone(t *testing.T) *Estate {
	t.Helper()
	e, err := readEstate(t.Context(), "111122223333", ofTheAccount(), tree{err: &types.AWSOrganizationsNotInUseException{}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestAsk(t *testing.T) {
	cho := strings.ReplaceAll(ann, "ann", "cho")
	for name, row := range map[string]struct {
		q    Question
		want May
		by   string
	}{
		"an allow":               {Question{Principal: "ann", Action: "ssm:PutParameter", Resource: "*"}, Yes, ""},
		"a deny of a group":      {Question{Principal: "bob", Action: "ssm:PutParameter", Resource: "*"}, No, "identity-based policy"},
		"a boundary":             {Question{Principal: "arn:aws:iam::111122223333:role/team/deploy", Action: "ssm:PutParameter", Resource: "*"}, No, "permissions boundary"},
		"what only a call knows": {Question{Principal: "cho", Action: "ssm:GetParameter", Resource: "*"}, Depends, ""},
		"a call from the office": {record(t, event("ssm:GetParameter", "192.0.2.7", cho)).Ask(), Yes, ""},
		"a call from elsewhere":  {record(t, event("ssm:GetParameter", "198.51.100.7", cho)).Ask(), No, "identity-based policy"},
	} {
		a, err := alone(t).Ask(row.q)
		if err != nil || a.May != row.want || a.By != row.by {
			t.Errorf("%s: want %s %q, got %+v, %v", name, row.want, row.by, a, err)
		}
	}
	if _, err := alone(t).Ask(Question{Principal: "nobody", Action: "ssm:GetParameter", Resource: "*"}); !errors.Is(err, ErrNobody) {
		t.Errorf("want ErrNobody, got %v", err)
	}
}

func TestAnAnswerIsSaidInBothLanguages(t *testing.T) {
	cho := strings.ReplaceAll(ann, "ann", "cho")
	refused := strings.Replace(event("ssm:GetParameter", "198.51.100.7", cho), "{", `{"errorCode":"AccessDenied",`, 1)
	a, err := alone(t).Ask(record(t, refused).Ask())
	if err != nil {
		t.Fatal(err)
	}
	for l, want := range map[report.Lang]string{
		report.English: `arn:aws:iam::111122223333:user/cho may not ssm:GetParameter on *; decided by: identity-based policy.
The call was answered AccessDenied then.
  identity-based policy: own, Office (line 1) allows; it does not apply
    IpAddress aws:SourceIp [192.0.2.0/24]: does not hold (got [198.51.100.7])
What would have to change:
  identity-based policy: no statement allows it
`,
		report.Japanese: `arn:aws:iam::111122223333:user/cho は * に対する ssm:GetParameter を許可されていません。決め手: identity-based policy
当時の応答: AccessDenied
  identity-based policy: own、Office (1 行目) 許可、該当しない
    IpAddress aws:SourceIp [192.0.2.0/24]: 不成立 (実際の値 [198.51.100.7])
許可するには次の変更が必要です:
  identity-based policy: no statement allows it
`,
	} {
		var out bytes.Buffer
		if err := a.write(&out, l, &Estate{}); err != nil || out.String() != want {
			t.Errorf("%s: %v, got:\n%swant:\n%s", l, err, out.String(), want)
		}
	}
}

// diary is a trail of one event, which its event id finds, and so does its
// request id on the second page.
type diary struct{ text string }

func (d diary) LookupEvents(_ context.Context, in *cloudtrail.LookupEventsInput, _ ...func(*cloudtrail.Options)) (*cloudtrail.LookupEventsOutput, error) {
	it, next := []trailtypes.Event{{CloudTrailEvent: &d.text}}, "2"
	switch {
	case len(in.LookupAttributes) > 0 && *in.LookupAttributes[0].AttributeValue == "event-1", in.NextToken != nil:
		return &cloudtrail.LookupEventsOutput{Events: it}, nil
	case len(in.LookupAttributes) > 0:
		return &cloudtrail.LookupEventsOutput{}, nil
	}
	return &cloudtrail.LookupEventsOutput{NextToken: &next}, nil
}

func TestRecall(t *testing.T) {
	d := diary{strings.Replace(event("ssm:GetParameter", "192.0.2.7", ann), "{", `{"requestID":"request-1",`, 1)}
	for _, id := range []string{"event-1", "request-1"} {
		r, err := recall(t.Context(), d, id, time.Time{})
		if err != nil || r.action() != "ssm:GetParameter" {
			t.Errorf("%s: got %+v, %v", id, r, err)
		}
	}
	if _, err := recall(t.Context(), d, "nothing", time.Time{}); !errors.Is(err, ErrNoEvent) {
		t.Errorf("want ErrNoEvent, got %v", err)
	}
}

func TestWhoMayChangeItIsSaid(t *testing.T) {
	b := ofTheAccount()
	b.pages[0].UserDetailList[3].UserPolicyList[0].PolicyDocument = encoded(`{"Effect":"Allow","Action":"iam:Attach*","Resource":"*"}`)
	e, err := readEstate(t.Context(), "111122223333", b, tree{err: &types.AWSOrganizationsNotInUseException{}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := e.Ask(Question{Principal: "bob", Action: "ssm:PutParameter", Resource: "*"})
	if err != nil || a.May != No || len(a.Keepers) != 1 || a.Keepers[0] != "arn:aws:iam::111122223333:user/dan" {
		t.Fatalf("want dan, who may attach policies, got %+v, %v", a, err)
	}
	for _, l := range []report.Lang{report.English, report.Japanese} {
		var out bytes.Buffer
		if err := a.write(&out, l, &Estate{}); err != nil || !strings.Contains(out.String(), text.AccessKeepers.In(l)+"\n  arn:aws:iam::111122223333:user/dan") {
			t.Errorf("%s: got %v\n%s", l, err, out.String())
		}
	}
}

func TestTheTimeOfAQuestionDecides(t *testing.T) {
	b := ofTheAccount()
	b.pages[0].UserDetailList[0].UserPolicyList[0].PolicyDocument = encoded(`{"Effect":"Allow","Action":"ssm:*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"2026-12-01T00:00:00Z"}}}`)
	e, err := readEstate(t.Context(), "111122223333", b, tree{err: &types.AWSOrganizationsNotInUseException{}})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]May{"": Depends, "2026-11-30T23:59Z": Yes, "2026-12-24": No} {
		at := time.Time{}
		if text != "" {
			layout := map[bool]string{true: time.DateOnly, false: "2006-01-02T15:04Z"}[len(text) == 10]
			if at, err = time.Parse(layout, text); err != nil {
				t.Fatal(err)
			}
		}
		a, err := e.Ask(Question{Principal: "ann", Action: "ssm:PutParameter", Resource: "*", At: at})
		if err != nil || a.May != want {
			t.Errorf("at %q: want %s, got %+v, %v", text, want, a, err)
		}
	}
}
