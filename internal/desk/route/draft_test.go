package route

import (
	"strings"
	"testing"
	"time"

	"tamachi/internal/desk/settings"
)

// TestADraftForWhoChangedIt finds the person behind the trail's ARN, and asks
// them in both languages.
func TestADraftForWhoChangedIt(t *testing.T) {
	conf, err := settings.Read(strings.NewReader(`people: {tanabe: {slack: U0TANABE, aws: ["arn:aws:iam::*:user/tanabe"]}}`))
	if err != nil {
		t.Fatal(err)
	}
	broken := func(arn string) *Plan {
		f := office()
		f.World.Networks[0].Subnets[0].Routes = nil
		c, ok := parse("DeleteRoute", `{"userIdentity":{"type":"IAMUser","arn":"`+arn+`","userName":"tanabe"},"requestParameters":{"routeTableId":"rtb-d","destinationCidrBlock":"10.3.0.0/16"}}`, noon)
		if !ok {
			t.Fatal("want the record read")
		}
		p := judge(f)
		p.explain([]Change{c})
		return p
	}
	d := draftOf(broken("arn:aws:iam::111122223333:user/tanabe"), conf, time.UTC)
	if d == nil || d.Person != "tanabe" {
		t.Fatalf("want a draft for tanabe, got %+v", d)
	}
	for _, want := range []string{
		"tamachi notice send --to tanabe --urgent --id path-rtb-d-", "'DeleteRoute at ", "の DeleteRoute (証跡ではご本人の操作)", "aws ec2 create-route", "意図した変更でしょうか",
	} {
		if !strings.Contains(d.Command, want) {
			t.Errorf("want %q in %s", want, d.Command)
		}
	}
	if d := draftOf(broken("arn:aws:iam::111122223333:user/stranger"), conf, time.UTC); d != nil {
		t.Errorf("want no draft for somebody whom the settings do not know, got %+v", d)
	}
	if d := draftOf(judge(office()), conf, time.UTC); d != nil {
		t.Errorf("want no draft where nothing is broken, got %+v", d)
	}
}
