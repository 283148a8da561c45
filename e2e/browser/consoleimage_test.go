package browser_test

import (
	"os"
	"testing"

	"tamachi/e2e/browser"
	"tamachi/internal/console"
)

const wanted = `acceptance:
  probes:
    - {name: kernel, shell: uname, want: Linux}
    - {name: screen lock, shell: echo off, want: "^on$"}
`

// TestAnImageIsCheckedAndRolledOut in two languages: who is on which, what the
// acceptance list finds, and a plan that brings the image to somebody.
func TestAnImageIsCheckedAndRolledOut(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	image := o.Image(o.desktop, "office-2026-12")
	o.must(os.WriteFile(o.getenv("TAMACHI_DESK"), []byte(deskRules+wanted), 0o600))
	a := o.Access()
	v := o.enter(browser.Options{Locale: "ja-JP", Height: 1500}, a.AccessKeyID, a.SecretAccessKey)
	v.shown(`a[aria-label$=": 2"]`)
	for i, w := range said {
		v.page("images", []string{"イメージ", "Images"}[i])
		v.shown(`li:has-text("` + image + `")`)
		v.shown(`tr:has-text("` + guest + `"):has-text("wsb-d12value0")`)
		v.fill("input[name=subject]", o.node)
		v.click("button[data-do=check]")
		v.shown(`ul.findings[data-accepted=false] li:has-text("kernel")`)
		v.shown(`ul.findings li:has-text("screen lock")`)
		v.shot("images-" + w.lang)
		v.click(`button[aria-label="` + []string{"展開", "Roll out"}[i] + `: office-2026-12"]`)
		v.shown(`[role=dialog] [data-choice=image]:has-text("office-2026-12")`)
		v.hand(browser.Order{Do: "holds", Text: `document.querySelector('[role=dialog] button[data-do=go]').getAttribute('aria-disabled') === 'true'`}) // a bundle is wanted
		v.picks("bundle", "wsb-d12value0")
		v.picks("window", []string{"いつでも", "at any time"}[i])
		v.fill("[role=dialog] input[name=canary]", guest)
		v.click(`[role=dialog] input[type=checkbox]`)
		v.fill("[role=dialog] textarea", "patches of November")
		v.shown(`[role=dialog] pre:has-text("tamachi image rollout ` + image + ` --bundle wsb-d12value0 --canary ` + guest + `")`)
		v.shot("rollout-" + w.lang)
		if i == 0 {
			v.hand(browser.Order{Do: "press", Key: "Escape"})
			v.page("", w.home)
			v.click(`#top :text-is("` + w.other + `"):visible`)
			v.shown("html[lang=en]")
		}
	}
	o.must(os.WriteFile(o.getenv("TAMACHI_DESK"), []byte(deskRules), 0o600)) // no list, so that the canary is not asked: no agent is in it
	v.click(`[role=dialog] button[data-do=go]`)
	v.shown(`#content h1:has-text("image rollout")`)
	v.shown(`td:has-text("` + guest + `"), th:has-text("` + guest + `")`)
	v.shot("rollout-plan")
	v.click("button[data-do=apply]")
	v.fill("[role=dialog] input[name=confirm]", "2")
	v.click(`[role=dialog] button[data-do=go]`)
	v.hand(browser.Order{Do: "press", Key: "Escape"})
	v.shown(`ol.timeline li:has-text("2 of 2 done")`)
	v.page("images", "Images")
	v.shown(`tr:has-text("` + guest + `"):has-text("office-2026-12")`)
	v.shot("images-after")
	v.quiet()

	p := o.enter(browser.Options{Locale: "ja-JP", Phone: true}, a.AccessKeyID, a.SecretAccessKey)
	p.shown(`a[aria-label$=": 2"]`)
	p.hand(browser.Order{Do: "open", URL: o.HTTP() + console.Prefix + "images?check=" + o.node})
	p.shown(`li:has-text("` + image + `")`)
	p.hand(browser.Order{Do: "holds", Text: `document.documentElement.scrollWidth <= innerWidth`})
	p.shot("images-phone")
	p.quiet()
}

// picks chooses in a dialog.
func (v visitor) picks(name, text string) {
	v.o.t.Helper()
	v.click(`[role=dialog] [data-choice=` + name + `] button`)
	v.click(`[role=option]:has-text("` + text + `")`)
}
