package printing

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

// answers is a plane, or what is none, by user.
type answers map[string]string

func (a answers) Plane(_ context.Context, operation string, in, out any) error {
	text, ok := a[in.(map[string]string)["UserName"]]
	if !ok || operation != "ExplainDesktopPolicies" {
		return &account.Problem{Kind: account.Unknown}
	}
	return json.Unmarshal([]byte(text), out)
}

func TestWhichRuleDecides(t *testing.T) {
	a := answers{
		"takeda.hanako": `{"Settings":[{"Setting":"Sound","Values":["ENABLED"]},{"Setting":"Printing","Values":["DISABLED"],"PolicyId":"dp-1","PolicyName":"company","Reason":"it is for everybody of the directory","OverruledPolicyIds":["dp-2"]}],
			"Policies":[{"PolicyId":"dp-2","Name":"old","Applies":true},{"PolicyId":"dp-3","Name":"sales","Reason":"the user is not in Sales"}]}`,
		"yamada.taro": `{}`,
	}
	for _, row := range []struct {
		user string
		bad  bool
		says []string
	}{
		{"takeda.hanako", true, []string{
			"may not print", "decided by company (dp-1), since it is for everybody", "overrules old", "not for this user: sales: the user is not in Sales",
			"tamachi exception grant printing takeda.hanako --directory d-1 --until DATE --reason WHY",
		}},
		{"yamada.taro", false, []string{"may print", "no policy says anything", "Web Access"}},
		{"nobody", true, []string{"not known", "Group Policy"}},
	} {
		p, err := look(t.Context(), a, []subject{{"d-1", row.user}}, sayProblem(report.English))
		if err != nil || p.Bad() != row.bad {
			t.Errorf("%s: want bad %v, got %+v, %v", row.user, row.bad, p, err)
			continue
		}
		var b strings.Builder
		if err := p.Write(&b, report.English); err != nil {
			t.Fatal(err)
		}
		for _, want := range row.says {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: want it to say %q, got\n%s", row.user, want, b.String())
			}
		}
	}
	p, err := look(t.Context(), a, []subject{{"d-1", "takeda.hanako"}, {"d-1", "yamada.taro"}}, sayProblem(report.English))
	if err != nil {
		t.Fatal(err)
	}
	p.List = true
	var b strings.Builder
	if err := p.Write(&b, report.English); err != nil || b.String() != "may not print, by company: 1\n  takeda.hanako\nmay print, no policy: 1\n  yamada.taro\n" {
		t.Errorf("got %v\n%s", err, b.String())
	}
}
