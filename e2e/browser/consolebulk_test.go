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
	v.shown(fmt.Sprintf(`ol.timeline li:has-text("%d of %d done")`, steps, steps))
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
		if i == 0 {
			v.click(`#top :text-is("` + w.other + `"):visible`)
			v.shown("html[lang=en]")
		}
	}
	for _, d := range o.desktops() {
		if d.WorkspaceProperties.RunningMode != types.RunningModeAlwaysOn {
			t.Errorf("want both to run always at the end, got %+v", d)
		}
	}
	v.quiet()

	p := o.enter(browser.Options{Locale: "ja-JP", Phone: true}, a.AccessKeyID, a.SecretAccessKey)
	p.shown(`a[aria-label$=": 2"]`)
	p.hand(browser.Order{Do: "open", URL: o.HTTP() + console.Prefix + "desktops"})
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
	p.click(`[role=dialog] button[data-do=go]`)
	p.hand(browser.Order{Do: "press", Key: "Escape"})
	p.shown(`ol.timeline li:has-text("2 of 2 done")`)
	p.shot("done-rebuild-phone")
	p.quiet()
}

func (o *office) desktops() []types.Workspace {
	o.t.Helper()
	out, err := workspaces.NewFromConfig(o.Config()).DescribeWorkspaces(o.t.Context(), &workspaces.DescribeWorkspacesInput{})
	o.must(err)
	return out.Workspaces
}
