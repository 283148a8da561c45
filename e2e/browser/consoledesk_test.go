package browser_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/e2e/browser"
	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/doctor"
	"tamachi/internal/desk/image"
	"tamachi/internal/desk/people"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/house"
)

const deskRules = `people:
  tanabe.ken:
    aws: ["arn:aws:iam::*:user/tanabe"]
  suzuki.ichiro:
    aws: ["arn:aws:iam::*:user/administrator"]
approvals:
  cost sweep:
    stages:
      - {name: finance, of: [tanabe.ken, suzuki.ichiro], need: 1}
`

// The prices are the test's own.
const madeUp = `{"Region":"ap-northeast-1","Currency":"USD","Cells":[
 {"Compute":"VALUE","OS":"Windows","Mode":"AlwaysOn","Unit":"Month","Price":"30","Source":"a test","Date":"2026-11-22"},
 {"Compute":"VALUE","OS":"Windows","Mode":"AutoStop","Unit":"Month","Price":"6","Source":"a test","Date":"2026-11-22"},
 {"Compute":"VALUE","OS":"Windows","Mode":"AutoStop","Unit":"Hour","Price":"0.25","Source":"a test","Date":"2026-11-22"}
]}`

// desk is that of somebody who runs the plane.
func (o *office) desk() *house.Desk {
	o.t.Helper()
	home := o.t.TempDir()
	o.getenv = func(name string) string {
		return map[string]string{"HOME": home, "TAMACHI_DESK": filepath.Join(home, "desk.yaml")}[name]
	}
	o.must(os.WriteFile(filepath.Join(home, "desk.yaml"), []byte(deskRules+"prices: prices.json\n"), 0o600))
	o.must(os.WriteFile(filepath.Join(home, "prices.json"), []byte(madeUp), 0o600))
	return &house.Desk{World: account.World{Getenv: o.getenv, Clock: clock.Real{}, Location: time.UTC}, Actions: plan.Join(change.Actions(), people.Actions(rand.Reader), doctor.Actions(), image.Actions(clock.Real{}))}
}

// proposes writes a plan of tanabe's down, and asks for it to be agreed to: what
// a duty does.
func (o *office) proposes(duty string) string {
	o.t.Helper()
	found, err := workspaces.NewFromConfig(o.Config()).DescribeWorkspaces(o.t.Context(), &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{o.desktop}})
	o.must(err)
	is := change.Billed{Mode: string(found.Workspaces[0].WorkspaceProperties.RunningMode), Minutes: aws.ToInt32(found.Workspaces[0].WorkspaceProperties.RunningModeAutoStopTimeoutInMinutes)}
	want := change.Billed{Mode: "ALWAYS_ON"}
	if is.Mode == want.Mode {
		want = change.Billed{Mode: "AUTO_STOP", Minutes: 60}
	}
	m := change.Mode{Desktop: o.desktop, Want: want, Was: is}
	do, err := plan.MoveOf(change.RunningMode, m)
	o.must(err)
	undo, err := plan.MoveOf(change.RunningMode, m.Back())
	o.must(err)
	a := o.Access()
	p, err := plan.New(plan.Plan{
		Duty: duty, Made: time.Now(), By: "arn:aws:iam::" + a.Account + ":user/tanabe", Reason: "the price of " + is.Mode,
		Places: []plan.Place{{Account: a.Account, Region: a.Region, Endpoint: a.HTTP}},
		Steps: []plan.Step{{
			Resource: o.desktop, Owner: hanako, Do: do, Undo: &undo, CLI: m.CLI(),
			What: plan.Text{En: "running mode to " + want.Mode, Ja: "実行モードを " + want.Mode + " に"}, Why: plan.Text{En: "12 hours this month", Ja: "今月 12 時間"},
		}},
	})
	o.must(err)
	s, err := shelf.In(o.getenv)
	o.must(err)
	o.must(plan.In(s).Save(p))
	conf, err := settings.Load(o.getenv)
	o.must(err)
	if rule, must := conf.Approval(duty, 1); must {
		q, err := approval.New(approval.Request{
			Subject: "plan " + p.ID, Digest: p.Digest, Duty: duty, Title: approval.Title{En: "1 step of " + duty, Ja: duty + " の 1 件"}, By: p.By, Reason: p.Reason,
			Evidence: []byte(`{"hours":12}`),
		}, rule, conf, time.Now())
		o.must(err)
		o.must(approval.In(s).Save(q))
	}
	return p.ID
}

// late is a clock that can be behind: the plane's, until there is something to
// see in the graphs.
type late struct {
	clock.Real
	by atomic.Int64 // nanoseconds, not above zero
}

// Now is then.
func (l *late) Now() time.Time { return l.Real.Now().Add(time.Duration(l.by.Load())) }

// sampled is how many minutes of metrics there are: signatures may be off by less
// than fifteen.
const sampled = 13

// used lets minutes pass in which a desktop works.
func (o *office) used() {
	o.t.Helper()
	for n := range sampled {
		o.must(o.World.Load(o.desktop, 0.1*float64(n%7)))
		o.late.by.Add(int64(time.Minute))
		o.must(o.Upkeep(o.t.Context()))
	}
}

// maintained gives the desktops' directory its nights of maintenance.
func (o *office) maintained() {
	o.t.Helper()
	_, err := workspaces.NewFromConfig(o.Config()).ModifyWorkspaceCreationProperties(o.t.Context(), &workspaces.ModifyWorkspaceCreationPropertiesInput{
		ResourceId: &o.directory, WorkspaceCreationProperties: &types.WorkspaceCreationProperties{EnableMaintenanceMode: aws.Bool(true)},
	})
	o.must(err)
}

// plans agrees to a plan and applies it.
func (v visitor) plans(w words) {
	v.o.t.Helper()
	v.page("approvals", w.approvals)
	v.click(`tr:has-text("cost sweep")`)
	v.shown("ol.stages li")
	v.shot("approvals-" + w.lang)
	if v.o.agreed == "" {
		v.fill("textarea[name=reason]", "12 hours only")
		v.click("button[data-do=approve]")
		v.o.agreed = w.lang
	}
	v.shown(`ol.stages li li:has-text("suzuki.ichiro")`)
	v.page("plans", w.plans)
	v.shot("plans-" + w.lang)
	v.click(`td a:has-text("` + v.o.plan + `"), th a:has-text("` + v.o.plan + `")`)
	v.shown(`dl.diff del:has-text("A")`)
	if w.lang == v.o.agreed {
		v.click("button[data-do=apply]")
		v.shown(`[role=dialog] pre:has-text("tamachi plan apply ` + v.o.plan + `")`)
		v.begins(w)
	}
	v.shown(`ol.timeline li:has-text("` + w.counted(1) + `")`)
	v.shot("plan-page-" + w.lang)
}

// begins confirms that a plan is to be applied.
func (v visitor) begins(w words) {
	v.o.t.Helper()
	v.click(`[role=dialog] button:has-text("` + w.apply + `")`)
	v.shown(`[role=dialog] :text("` + w.done + `")`)
	v.hand(browser.Order{Do: "press", Key: "Escape"})
}

// cost chooses by keyboard which prices hold, and sees the sums.
func (v visitor) cost(w words) {
	v.o.t.Helper()
	v.page("cost", w.cost)
	v.shown(`table.sums tfoot td:text-is("–")`)
	v.hand(browser.Order{Do: "holds", Text: `(document.querySelector('[data-choice=os] button').focus(), true)`})
	v.key("Enter")
	v.shown(`[role=option]:has-text("Windows")`)
	v.key("ArrowDown")
	v.key("Enter")
	v.shown(`table.sums tfoot td:has-text("USD")`)
	v.hand(browser.Order{Do: "holds", Text: `location.search === '?os=Windows'`})
	v.shown(`li:has-text("96"):has-text("VALUE, Windows")`)
	v.shown(`#content a[href$="plans/` + v.o.plan + `"]`)
	v.shot("cost-" + w.lang)
}

// keyboard goes from home to the desktops and into a filter without a mouse.
func (v visitor) keyboard(w words) {
	v.o.t.Helper()
	v.hand(browser.Order{Do: "holds", Text: `(document.activeElement.blur(), true)`})
	v.key("Tab")
	v.hand(browser.Order{Do: "holds", Text: `document.activeElement.className === 'skip'`})
	v.key("Enter")
	v.hand(browser.Order{Do: "holds", Text: `document.activeElement.id === 'content'`})
	v.key("Tab") // what waits for me
	v.key("Tab")
	v.key("Enter")
	v.shown(`#content h1:has-text("` + w.desktops + `")`)
	v.hand(browser.Order{Do: "holds", Text: `document.activeElement.id === 'content' && document.title.startsWith('` + w.desktops + ` – ')`})
	v.shown(`tr:has-text("` + guest + `")`)
	v.key("Tab") // refresh; actions are off
	v.key("Tab") // the search
	v.hand(browser.Order{Do: "type", Text: "takeda"})
	v.shown(`h1:has-text("` + w.found + `")`)
	v.hand(browser.Order{Do: "holds", Text: `location.search === '?q=takeda'`})
}

func (v visitor) key(name string) {
	v.o.t.Helper()
	v.hand(browser.Order{Do: "press", Key: name})
}
