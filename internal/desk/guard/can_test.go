package guard

import (
	"bytes"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"

	"tamachi/internal/desk/report"
)

// rightTo is what a principal of the account may do with one action.
func rightTo(t *testing.T, e *Estate, principal, action string) Right {
	t.Helper()
	h, err := e.Find(principal)
	if err != nil {
		t.Fatal(err)
	}
	service, _, _ := strings.Cut(action, ":")
	list, err := e.Can(h, service)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list[0].Rights {
		if r.Action == action {
			return r
		}
	}
	t.Fatalf("%s is not told", action)
	return Right{}
}

func TestWhatAPrincipalCan(t *testing.T) {
	alone := tree{err: &types.AWSOrganizationsNotInUseException{}}
	quiet := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"Quiet","Effect":"Deny","Action":"ssm:Get*","Resource":"*"}]}`
	only := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}`
	home := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"Home","Effect":"Deny","Action":"ssm:*","NotResource":"arn:aws:ssm:*:*:parameter/home/*"}]}`
	for name, row := range map[string]struct {
		org               tree
		principal, action string
		want              Right
	}{
		"whoever is allowed":                            {alone, "ann", "ssm:PutParameter", Right{May: Yes, By: []string{"own: #1"}}},
		"whoever no policy names":                       {alone, "ann", "kms:Encrypt", Right{May: No, Lacks: "identity-based policy"}},
		"whom a group denies":                           {alone, "bob", "ssm:PutParameter", Right{May: No, By: []string{"bars: #1"}}},
		"under a condition":                             {alone, "cho", "ssm:PutParameter", Right{May: Depends, Asks: []string{"aws:SourceIp"}, By: []string{"own: Office"}}},
		"within a boundary":                             {alone, "deploy", "ssm:GetParameter", Right{May: Yes, By: []string{"All: #1", "limit: #1"}}},
		"outside of a boundary":                         {alone, "deploy", "ssm:PutParameter", Right{May: No, By: []string{"All: #1"}, Lacks: "permissions boundary"}},
		"below a unit that denies":                      {tree{attached: map[string]string{"r-1": everything, "ou-1": quiet, "111122223333": everything}}, "ann", "ssm:GetParameter", Right{May: No, By: []string{"of ou-1: Quiet"}}},
		"below a unit that lets through something else": {tree{attached: map[string]string{"r-1": everything, "ou-1": only, "111122223333": everything}}, "ann", "ssm:GetParameter", Right{May: No, By: []string{"own: #1"}, Lacks: "service control policy"}},
		"below a unit that spares a path": {tree{attached: map[string]string{"r-1": everything, "ou-1": home, "111122223333": everything}}, "ann", "ssm:GetParameter", Right{
			May: Depends, Resources: []string{"arn:aws:ssm:*:*:parameter/home/*"}, By: []string{"own: #1", "of ou-1: Home"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := readEstate(t.Context(), "111122223333", ofTheAccount(), row.org)
			if err != nil {
				t.Fatal(err)
			}
			row.want.Action = row.action
			if diff := cmp.Diff(row.want, rightTo(t, e, row.principal, row.action)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestServicesOfAPrincipalAreCounted(t *testing.T) {
	e, err := readEstate(t.Context(), "111122223333", ofTheAccount(), tree{err: &types.AWSOrganizationsNotInUseException{}})
	if err != nil {
		t.Fatal(err)
	}
	h, err := e.Find("bob")
	if err != nil {
		t.Fatal(err)
	}
	list, err := e.Can(h, "")
	if err != nil || len(list) != 1 || list[0].Service != "ssm" || list[0].Yes < 100 || list[0].Denied < 5 || list[0].Rights != nil {
		t.Fatalf("want ssm alone, much of it allowed and what begins with Put denied, got %+v, %v", list, err)
	}
	for _, l := range []report.Lang{report.English, report.Japanese} {
		var out bytes.Buffer
		if err := writeServices(&out, l, h, list); err != nil || !strings.Contains(out.String(), "own, bars") {
			t.Errorf("%s: got %v\n%s", l, err, out.String())
		}
		out.Reset()
		if list, err = e.Can(h, "ssm"); err != nil {
			t.Fatal(err)
		}
		if err := writeRights(&out, l, h, list[0].Rights); err != nil || !strings.Contains(out.String(), "ssm:PutParameter") {
			t.Errorf("%s: got %v\n%s", l, err, out.String())
		}
	}
	if gaps := report.Gaps(text); len(gaps) > 0 {
		t.Errorf("messages that lack a language: %v", gaps)
	}
}
