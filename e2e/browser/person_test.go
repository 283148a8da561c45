package browser_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tamachi/e2e/browser"
	"tamachi/internal/desktops"
	"tamachi/internal/webaccess"
)

// TestAPersonComesBackAndIsServed signs in, is told when the desktop stops,
// loses the session and the display, and comes back without doing anything.
func TestAPersonComesBackAndIsServed(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	x := startXvnc(t, home)
	p, base := serve(t, x, "view")
	p.person, p.known = true, make(chan struct{})
	do := start(t, browser.Options{Locale: "ja-JP"})
	wished := func(what string) bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return slices.Contains(p.asked, what)
	}

	do(browser.Order{Do: "open", URL: base + webaccess.Prefix})
	do(browser.Order{Do: "fill", Selector: "#code", Text: "SLnrt+AAAAAA"})
	do(browser.Order{Do: "fill", Selector: "#user", Text: "fujita.kouhei"})
	do(browser.Order{Do: "fill", Selector: "#password", Text: "Correct-Horse-7"})
	// Typed before the page knows whether somebody is signed in: nothing goes out
	// and nothing is lost.
	do(browser.Order{Do: "press", Key: "Enter"})
	do(browser.Order{Do: "shown", Selector: `html[data-status="loading"] #enter:disabled`})
	close(p.known)
	do(browser.Order{Do: "status", Is: "ready"})
	do(browser.Order{Do: "click", Selector: "form#form button"})
	do(browser.Order{Do: "status", Is: "code"})
	do(browser.Order{Do: "fill", Selector: "#onetime", Text: "000 000"})
	do(browser.Order{Do: "press", Key: "Enter"})
	do(browser.Order{Do: "status", Is: "wrongcode"})
	do(browser.Order{Do: "shot", Path: out(t, "code.png")})
	do(browser.Order{Do: "fill", Selector: "#onetime", Text: "123 456"})
	do(browser.Order{Do: "press", Key: "Enter"})
	do(browser.Order{Do: "status", Is: "chosen"})
	if got := do(browser.Order{Do: "text", Selector: "#list .stops"}).Text; !strings.Contains(got, "に停止します") || !strings.Contains(got, "60 分") {
		t.Errorf("when it stops, and why: got %q", got)
	}
	do(browser.Order{Do: "shot", Path: out(t, "chosen.png")})
	do(browser.Order{Do: "click", Selector: "#list [data-wish=extend]"})
	do(browser.Order{Do: "click", Selector: "#list [data-wish=restart]"})
	do(browser.Order{Do: "shot", Path: out(t, "sure.png")})
	do(browser.Order{Do: "click", Selector: "#sure-restart [value=yes]"})
	until(t, "the wishes to arrive", func() bool { return wished("extend") && wished("restart") })

	if got := do(browser.Order{Do: "text", Selector: "#list .choices"}).Text; !strings.Contains(got, "コンピューティングタイプ") || !strings.Contains(got, "常時稼働") || !strings.Contains(got, "POWER: 4 vCPU, 16 GB") {
		t.Errorf("what may be chosen: got %q", got)
	}
	do(browser.Order{Do: "choose", Selector: "#list [data-choice=compute]", Text: "POWER"})
	do(browser.Order{Do: "shot", Path: out(t, "choice.png")})
	do(browser.Order{Do: "click", Selector: "#sure-change [value=yes]"})
	until(t, "the choice to arrive", func() bool { return wished("compute POWER") })

	do(browser.Order{Do: "click", Selector: "#list .open"})
	do(browser.Order{Do: "status", Is: "connected"})
	do(browser.Order{Do: "pixels"})

	do(browser.Order{Do: "click", Selector: "#choices summary"})
	do(browser.Order{Do: "choose", Selector: "#choices [data-choice=mode]", Text: "ALWAYS_ON"})
	if got := do(browser.Order{Do: "text", Selector: "#sure-change"}).Text; !strings.Contains(got, "「常時稼働」") {
		t.Errorf("what is asked before: got %q", got)
	}
	do(browser.Order{Do: "click", Selector: "#sure-change [value=yes]"})
	until(t, "the other choice to arrive", func() bool { return wished("mode ALWAYS_ON") })
	do(browser.Order{Do: "click", Selector: "#choices summary"})

	// Somebody of support looks, and cannot touch; the person is told.
	helper := start(t, browser.Options{})
	helper(browser.Order{Do: "open", URL: webaccess.TicketURL(base, "view")})
	helper(browser.Order{Do: "status", Is: "connected"})
	helper(browser.Order{Do: "pixels"})
	do(browser.Order{Do: "shown", Selector: "#watched"})
	if got := do(browser.Order{Do: "text", Selector: "#watched"}).Text; !strings.Contains(got, "helper") {
		t.Errorf("who looks: got %q", got)
	}
	do(browser.Order{Do: "shot", Path: out(t, "watched.png")})
	content(t, filepath.Join(home, "ready"), "up\n")
	helper(browser.Order{Do: "tap", X: 200, Y: 200})
	helper(browser.Order{Do: "type", Text: "echo intruder > back\n"})

	// The session is over while the desktop has stopped: the page asks for a new
	// one by the person's own, which starts the desktop.
	p.change(func() { p.over, p.state, p.asked = true, "STOPPED", nil })
	x.cut()
	until(t, "the page to ask to be let in", func() bool { return wished("enter") })
	do(browser.Order{Do: "status", Is: "connected"})
	do(browser.Order{Do: "pixels"})

	// An administrator takes the desktop: the page says so, and comes back.
	p.change(func() { p.barred = &desktops.Barred{Why: desktops.Upkeep} })
	x.cut()
	if got := do(browser.Order{Do: "status", Is: "maintenance"}).Text; !strings.Contains(got, "管理者") {
		t.Errorf("the page under maintenance: got %q", got)
	}
	do(browser.Order{Do: "shot", Path: out(t, "maintenance.png")})
	p.change(func() { p.barred = nil })
	do(browser.Order{Do: "status", Is: "connected"})
	focus(t, do, home)
	do(browser.Order{Do: "type", Text: "echo back > back\n"})
	content(t, filepath.Join(home, "back"), "back\n")
}
