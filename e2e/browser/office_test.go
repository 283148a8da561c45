package browser_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tamachi/e2e/browser"
	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/desktopstest"
	"tamachi/internal/desktops/local"
	"tamachi/internal/desktops/local/setup"
	"tamachi/internal/id"
	"tamachi/internal/webaccess"
)

// realDesktop is a desktop of the local provider, from its image, in namespaces
// of its own.
func realDesktop(t *testing.T) *local.Provider {
	t.Helper()
	dir := t.TempDir()
	exe, err := desktopstest.Program()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(filepath.Dir(exe)) })
	plane, err := net.Listen("tcp", "127.0.0.1:0") // its number is free on the bridge as well
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { plane.Close() })
	p, err := local.Open(t.Context(), local.Options{Base: setup.Base{
		Dir: filepath.Join(dir, "state"), Exe: exe, PlanePort: plane.Addr().(*net.TCPAddr).Port,
		Images: []string{"small"}, Agent: []string{}, Clock: clock.Real{}, IDs: id.Random(),
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := p.Purge(ctx); err != nil {
			t.Errorf("end the desktop: %v", err)
		}
		if err := p.Close(); err != nil {
			t.Errorf("close the provider: %v", err)
		}
	})
	if err := p.Prepare(t.Context(), nil); err != nil {
		t.Fatalf("make the image: %v", err)
	}
	spec := desktops.Spec{ID: ws, ComputerName: "A-DESK", UserName: "fujita.kouhei", Image: "small", CPUs: 1, MemoryMiB: 1024, RootGiB: 2, UserGiB: 2}
	if _, err := p.Create(t.Context(), spec); err != nil {
		t.Fatalf("make the desktop: %v", err)
	}
	return p
}

// hears finds the loudest frequency of what the page plays; 440 Hz is between
// two of the analyser's 4,096 steps.
const hears = `(() => {
  if (sound.speaker?.state !== 'running') return false;
  const ear = window.ear ??= sound.speaker.createAnalyser();
  ear.fftSize = 8192;
  sound.out.connect(ear);
  const level = new Float32Array(ear.frequencyBinCount);
  ear.getFloatFrequencyData(level);
  const peak = level.indexOf(Math.max(...level));
  window.heard = [peak * 48000 / 8192, level[peak]];
  return Math.abs(window.heard[0] - 440) < 6 && window.heard[1] > -60;
})()`

// hearsAnything tells whether the page plays something at all.
const hearsAnything = `(() => {
  ` + hears + `;
  return window.heard?.[1] > -60;
})()`

// terminal tells whether the terminal is on the screen.
const terminal = `(() => {
  const d = document.querySelector('#screen canvas')?.getContext('2d').getImageData(200, 300, 1, 1).data;
  return d && d[0] === 0x10 && d[1] === 0x18 && d[2] === 0x20;
})()`

// A tone that a program plays in a real desktop is heard in the page, and who
// mutes it hears nothing. What a program prints there, by CUPS's own client, is
// a download; where a rule forbids it, the program is told why.
//
// What this device's microphone hears (a beep, in the browser of a test) reaches
// the programs of the desktop while the button is pressed in.
func TestADesktopIsHeardAndHearsAndPrints(t *testing.T) {
	t.Parallel()
	p := realDesktop(t)
	desk := &passes{tickets: map[string]bool{"t1": true}, state: "AVAILABLE"}
	_, base := serveWith(t, webaccess.Options{Passes: desk, Entry: desk, Lobby: desk, Display: p, Doors: p})
	do := start(t, browser.Options{})
	do(browser.Order{Do: "open", URL: webaccess.TicketURL(base, "t1")})
	do(browser.Order{Do: "status", Is: "connected"})
	do(browser.Order{Do: "holds", Text: terminal})
	do(browser.Order{Do: "tap", X: 200, Y: 300})
	do(browser.Order{Do: "type", Text: "pactl load-module module-sine frequency=440\n"})
	do(browser.Order{Do: "holds", Text: hears})
	do(browser.Order{Do: "shown", Selector: `#sound[data-state="on"]`})
	do(browser.Order{Do: "shot", Path: out(t, "sound.png")})
	do(browser.Order{Do: "click", Selector: "#sound"})
	do(browser.Order{Do: "shown", Selector: `#sound[data-state="off"]`})
	do(browser.Order{Do: "holds", Text: "!" + hears})

	do(browser.Order{Do: "click", Selector: "#screen canvas"})
	do(browser.Order{Do: "type", Text: "pactl unload-module module-sine; pactl load-module module-loopback source=microphone sink=browser\n"})
	do(browser.Order{Do: "click", Selector: "#sound"})
	do(browser.Order{Do: "shown", Selector: `#sound[data-state="on"]`})
	do(browser.Order{Do: "holds", Text: "!" + hearsAnything})
	do(browser.Order{Do: "click", Selector: "#microphone"})
	do(browser.Order{Do: "shown", Selector: `#microphone[data-state="on"]`})
	do(browser.Order{Do: "holds", Text: hearsAnything})
	do(browser.Order{Do: "shot", Path: out(t, "microphone.png")})
	do(browser.Order{Do: "click", Selector: "#microphone"})
	do(browser.Order{Do: "shown", Selector: `#microphone[data-state="off"]`})
	do(browser.Order{Do: "holds", Text: "!" + hearsAnything})

	do(browser.Order{Do: "click", Selector: "#screen canvas"})
	do(browser.Order{Do: "type", Text: "echo %PDF-1.4 minutes > a.pdf; lp -t Minutes a.pdf 2>&1 | tee said\n"})
	do(browser.Order{Do: "shown", Selector: `#papers a[href="paper/1"]`})
	if got := do(browser.Order{Do: "text", Selector: "#papers"}).Text; !strings.Contains(got, "Minutes") {
		t.Errorf("what was printed: got %q", got)
	}
	do(browser.Order{Do: "holds", Text: `fetch('paper/1').then((r) => r.text()).then((text) => text === '%PDF-1.4 minutes\n')`})
	do(browser.Order{Do: "shot", Path: out(t, "printed.png")})
	if list := do(browser.Order{Do: "complaints"}).List; len(list) > 0 {
		t.Errorf("the page complained: %q", list)
	}
}
