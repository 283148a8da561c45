package browser_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/e2e/browser"
	"tamachi/internal/console"
	"tamachi/internal/desktops/fake"
)

// carries applies the plan that is shown, and sees it done.
func (v visitor) carries(name string, steps int, w words) {
	v.o.t.Helper()
	v.shown(`dl.diff`)
	v.shot("plan-" + name)
	v.click("button[data-do=apply]")
	v.shown(`[role=dialog] pre:has-text("tamachi plan apply p-")`)
	if steps == 1 {
		v.begins(w)
	} else {
		v.click(`[role=dialog] button[data-do=go]`)
		v.shown(`[role=dialog] button:not([data-do=go]):not([aria-label])`)
		v.hand(browser.Order{Do: "press", Key: "Escape"})
	}
	v.shown(`ol.timeline li:has-text("` + w.counted(steps) + `")`)
	v.shot("done-" + name)
}

// chooses marks both desktops and opens what is to be done to them.
func (v visitor) chooses(verb string) {
	v.o.t.Helper()
	v.shown(`tr:has-text("` + guest + `") input[type=checkbox]`)
	v.click(`tr:has-text("` + guest + `") input[type=checkbox]`)
	v.click(`tr:has-text("` + hanako + `") input[type=checkbox]`)
	v.click(`#content h1 ~ * button[aria-haspopup=true], #content [class*=header] button[aria-haspopup=true]`)
	v.click(`[data-testid=` + verb + `]`)
}

// TestManyDesktopsAreChangedByAPlan in two languages and on a phone: modes, with
// the plan shown and applied; deletion, which wants a reason, others' agreement and
// the number of desktops.
func TestManyDesktopsAreChangedByAPlan(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.must(os.WriteFile(o.getenv("TAMACHI_DESK"), []byte(strings.Replace(deskRules, "cost sweep", "desktop terminate", 1)), 0o600))
	a := o.Access()
	v := o.enter(browser.Options{Locale: "ja-JP", Height: 1200}, a.AccessKeyID, a.SecretAccessKey)
	v.shown(`a[aria-label$=": 2"]`)
	for i, w := range said {
		verb := []string{"auto-stop", "always-on"}[i]
		v.page("desktops", w.desktops)
		v.chooses(verb)
		v.shown(`[role=dialog] pre:has-text("tamachi desktop ` + verb + `")`)
		v.fill("[role=dialog] textarea", "昼だけ使う")
		v.shot("change-" + verb + "-" + w.lang)
		v.click(`[role=dialog] button[data-do=go]`)
		v.shown(`#content h1:has-text("desktop ` + verb + `")`)
		v.shown(`#content :text("昼だけ使う")`)
		v.carries(verb+"-"+w.lang, 2, w)
		if i == 1 {
			v.takesBack(verb, w)
		} else {
			v.asksBack(w)
			v.hand(browser.Order{Do: "press", Key: "Escape"})
			v.click(`#top :text-is("` + w.other + `"):visible`)
			v.shown("html[lang=en]")
		}
	}
	v.quiet()

	p := o.enter(browser.Options{Locale: "ja-JP", Phone: true}, a.AccessKeyID, a.SecretAccessKey)
	p.shown(`a[aria-label$=": 2"]`)
	p.hand(browser.Order{Do: "open", URL: o.HTTP() + console.Prefix + "desktops"})
	p.shown(`td:has-text("AVAILABLE")`)
	p.hand(browser.Order{Do: "holds", Text: `[...document.querySelectorAll('td')].filter((e) => e.innerText.trim() === 'AVAILABLE').every((e) => e.offsetHeight < 90)`}) // no letter a line
	p.shot("desktops-phone")
	p.chooses("terminate")
	p.hand(browser.Order{Do: "holds", Text: `document.querySelector('[role=dialog] button[data-do=go]').getAttribute('aria-disabled') === 'true'`}) // it wants a reason
	p.fill("[role=dialog] textarea", "退職")
	p.shot("change-terminate-phone")
	p.click(`[role=dialog] button[data-do=go]`)
	p.shown(`#content h1:has-text("desktop terminate")`)
	p.shown(`#content :text("tanabe.ken, suzuki.ichiro"), #content :text("suzuki.ichiro, tanabe.ken")`)
	p.hand(browser.Order{Do: "holds", Text: `document.documentElement.scrollWidth <= innerWidth`})
	p.shot("plan-terminate-phone")
	p.click("button[data-do=apply]")
	p.click(`[role=dialog] button[data-do=go]`)
	p.shown(`[role=dialog] :text("依頼しました")`)
	p.hand(browser.Order{Do: "press", Key: "Escape"})
	p.shown(`ol.stages li`)
	p.shot("asked-terminate-phone")
	p.hand(browser.Order{Do: "complaints"}) // of the answer that it waits for approval, a 400
	for _, d := range o.desktops() {
		if d.State != types.WorkspaceStateAvailable {
			t.Errorf("want them left alone until somebody agreed, got %s", d.State)
		}
	}
	o.must(os.WriteFile(o.getenv("TAMACHI_DESK"), []byte("people: {}\n"), 0o600)) // nobody has to agree any more
	p.hand(browser.Order{Do: "open", URL: o.HTTP() + console.Prefix + "desktops"})
	p.chooses("rebuild")
	p.fill("[role=dialog] textarea", "壊れた")
	p.click(`[role=dialog] button[data-do=go]`)
	p.shown(`#content h1:has-text("desktop rebuild")`)
	p.click("button[data-do=apply]")
	p.shown(`[role=dialog] input[name=confirm]`)
	p.hand(browser.Order{Do: "holds", Text: `document.querySelector('[role=dialog] button[data-do=go]').getAttribute('aria-disabled') === 'true'`})
	p.fill("[role=dialog] input[name=confirm]", "2")
	p.shot("confirm-rebuild-phone")
	release := o.World.Hold(fake.Rebuild)
	defer release()
	p.click(`[role=dialog] button[data-do=go]`)
	p.hand(browser.Order{Do: "press", Key: "Escape"})
	p.shown(`#content :text("待機中: "):has-text("REBUILDING")`)
	p.shown(`button[data-do=undo][aria-disabled=true]`)
	p.shot("waits-rebuild-phone")
	release()
	p.shown(`ol.timeline li:has-text("` + said[0].counted(2) + `")`)
	p.shot("done-rebuild-phone")
	p.quiet()
}

// takesBack undoes the plan that is shown, by a plan: how the desktops were is how
// they are again.
func (v visitor) takesBack(verb string, w words) {
	v.o.t.Helper()
	was := v.o.modes()
	id := v.asksBack(w)
	v.click(`[role=dialog] button[data-do=go]`)
	v.shown(`#content a[href$="plans/` + id + `"]`)
	v.shown(`#content :text("by night too")`)
	v.carries("undo-"+verb+"-"+w.lang, 2, w)
	if is := v.o.modes(); is == was {
		v.o.t.Errorf("want the modes to be others than %s", was)
	}
	undo := v.planShown()
	v.click(`#content a[href$="plans/` + id + `"]`)
	v.shown(`#content h1:has-text("` + id + `")`)
	v.shown(`#content a[href$="plans/` + undo + `"]`) // by which it was taken back
	v.shot("undone-" + w.lang)
}

// asksBack opens what is asked before the plan that is shown is taken back.
func (v visitor) asksBack(w words) (id string) {
	v.o.t.Helper()
	id = v.planShown()
	v.click("button[data-do=undo]")
	v.shown(`[role=dialog] pre:text-is("tamachi plan undo ` + id + `")`)
	v.shown(`[role=dialog] [data-undo=takes] li:has-text("` + guest + `")`)
	v.fill("[role=dialog] textarea", "by night too")
	v.shown(`[role=dialog] pre:has-text("--reason 'by night too'")`)
	v.shot("undo-" + w.lang)
	return id
}

// planShown is the id of the plan whose page this is.
func (v visitor) planShown() string {
	v.o.t.Helper()
	_, id, _ := strings.Cut(v.hand(browser.Order{Do: "text", Selector: "#content h1"}).Text, ": ")
	return strings.TrimSpace(id)
}

// modes are the running modes of all desktops.
func (o *office) modes() string {
	o.t.Helper()
	out := map[string]types.RunningMode{}
	for _, d := range o.desktops() {
		out[*d.UserName] = d.WorkspaceProperties.RunningMode
	}
	return fmt.Sprint(out)
}

func (o *office) desktops() []types.Workspace {
	o.t.Helper()
	out, err := workspaces.NewFromConfig(o.Config()).DescribeWorkspaces(o.t.Context(), &workspaces.DescribeWorkspacesInput{})
	o.must(err)
	return out.Workspaces
}
