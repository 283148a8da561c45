package browser_test

import (
	"context"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tamachi/e2e/browser"
	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/webaccess"
)

const ws = "ws-browsertest1"

// xvnc is a real X server with a window manager and a terminal, started by the
// test as plain processes.
type xvnc struct {
	socket, display string
	server          *exec.Cmd

	mu      sync.Mutex
	streams []net.Conn // guarded by mu; open to the display
}

func startXvnc(t *testing.T, home string) *xvnc {
	t.Helper()
	dir := t.TempDir()
	x := &xvnc{socket: filepath.Join(dir, "rfb")}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x.server = exec.Command("Xvnc", "-displayfd", "3", "-rfbport", "-1", "-rfbunixpath", x.socket,
		"-SecurityTypes", "None", "-geometry", "1024x768", "-depth", "24", "-AlwaysShared")
	x.server.ExtraFiles = []*os.File{w}
	run(t, x.server)
	w.Close()
	line := make([]byte, 16)
	n, err := r.Read(line) // Xvnc writes the number once it answers
	if err != nil {
		t.Fatalf("Xvnc gave no display number: %v", err)
	}
	x.display = ":" + strings.TrimSpace(string(line[:n]))
	// The window manager starts the terminal once it manages windows, so that
	// the terminal has the keyboard.
	wm := exec.Command("openbox", "--startup", "xterm -geometry 80x24+40+40 -e sh -c 'echo up > ready; exec sh'")
	wm.Env = []string{"DISPLAY=" + x.display, "HOME=" + home, "PATH=" + os.Getenv("PATH"), "PS1=desk$ ", "LC_ALL=C.UTF-8"}
	wm.Dir = home
	run(t, wm)
	return x
}

// run starts a process and ends exactly this one with the test.
func run(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Start(); err != nil {
		t.Fatalf("start %s: %v", c.Path, err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
}

func (x *xvnc) DialDisplay(ctx context.Context, id string) (net.Conn, error) {
	if id != ws {
		return nil, desktops.ErrNotFound
	}
	c, err := new(net.Dialer).DialContext(ctx, "unix", x.socket)
	if err == nil {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.streams = append(x.streams, c)
	}
	return c, err
}

// cut breaks the streams that are open, and not the display.
func (x *xvnc) cut() {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, c := range x.streams {
		c.Close()
	}
	x.streams = nil
}

// passes is one desktop's ticket desk in memory.
type passes struct {
	mu      sync.Mutex
	tickets map[string]bool // guarded by mu
	state   string          // guarded by mu
	over    bool            // guarded by mu; sessions open nothing any more
	barred  error           // guarded by mu; what Admit answers
	asked   []string        // guarded by mu; what the person wished
	person  bool            // sessions are those of somebody who signed in
	known   chan struct{}   // Desktops answers once this is closed, if it is there
}

func (p *passes) Redeem(_ context.Context, ticket string) (desktops.Pass, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.tickets[ticket] {
		return desktops.Pass{}, desktops.ErrNoPass
	}
	delete(p.tickets, ticket)
	return desktops.Pass{ID: ws, Secret: "secret-of-" + ticket, Expires: time.Now().Add(time.Hour)}, nil
}

func (p *passes) Visit(_ context.Context, secret string) (desktops.Visit, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !strings.HasPrefix(secret, "secret-of-") || p.over && !strings.HasSuffix(secret, "view") {
		return desktops.Visit{}, desktops.ErrNoPass
	}
	v := desktops.Visit{ID: ws, State: p.state, StateSince: time.Now().Add(-3 * time.Second)}
	if v.State == "STARTING" {
		v.Step, v.Percent = "unpacking", 40
	}
	if strings.HasSuffix(secret, "view") {
		v.ViewOnly, v.Caller = true, "arn:aws:iam::111122223333:user/helper"
	} else if p.person {
		v.Person.UserName = "fujita.kouhei"
	}
	return v, nil
}

func (p *passes) Admit(context.Context, desktops.Visit, string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.barred
}

func (p *passes) change(do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	do()
}

// SignIn lets one person in.
func (p *passes) SignIn(_ context.Context, in desktops.SignIn) (string, time.Time, error) {
	if in.Password != "Correct-Horse-7" {
		return "", time.Time{}, desktops.ErrStranger
	}
	if in.OneTime == "" {
		return "", time.Time{}, desktops.ErrCodeNeeded
	}
	if in.OneTime != "123456" {
		return "", time.Time{}, desktops.ErrWrongCode
	}
	return "person", time.Now().Add(time.Hour), nil
}

func (p *passes) Desktops(ctx context.Context, secret string) ([]desktops.Own, error) {
	if p.known != nil {
		select {
		case <-p.known:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if secret != "person" {
		return nil, desktops.ErrNoPass
	}
	own := desktops.Own{ID: ws, Name: "A-DESK", State: p.state, May: []desktops.Favor{desktops.Restart}}
	if p.state == "AVAILABLE" {
		own.Offers = []desktops.Offer{
			{What: desktops.Compute, Now: desktops.Choice{Value: "VALUE", Text: "VALUE: 1 vCPU, 2 GB"}, Others: []desktops.Choice{{Value: "POWER", Text: "POWER: 4 vCPU, 16 GB"}}},
			{What: desktops.Mode, Now: desktops.Choice{Value: "AUTO_STOP"}, Others: []desktops.Choice{{Value: "ALWAYS_ON"}}},
		}
		own.StopsAt, own.Minutes, own.May = time.Now().Add(40*time.Minute), 60, append(own.May, desktops.Extend)
	}
	return []desktops.Own{own, {ID: "ws-browsertest2", Name: "B-DESK", State: "STOPPED"}}, nil
}

// Enter lets the person in again, and starts what is stopped.
func (p *passes) Enter(_ context.Context, secret, id, _ string) (desktops.Pass, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if secret != "person" {
		return desktops.Pass{}, desktops.ErrNoPass
	}
	p.over, p.state = false, "AVAILABLE"
	p.asked = append(p.asked, "enter")
	return desktops.Pass{ID: id, Secret: "secret-of-person", Expires: time.Now().Add(time.Hour)}, nil
}

func (p *passes) Ask(_ context.Context, _, _ string, wish desktops.Favor, to, _ string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, strings.TrimSuffix(string(wish)+" "+to, " "))
	return nil
}

func (p *passes) SignOut(context.Context, string) error { return nil }

func (p *passes) set(state string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state = state
}

func serve(t *testing.T, display webaccess.Display, tickets ...string) (*passes, string) {
	t.Helper()
	p := &passes{tickets: map[string]bool{}, state: "AVAILABLE"}
	for _, k := range tickets {
		p.tickets[k] = true
	}
	return p, serveAs(t, webaccess.Options{Passes: p, Entry: p, Lobby: p, Display: display})
}

func serveAs(t *testing.T, o webaccess.Options) string {
	t.Helper()
	_, url := serveWith(t, o)
	return url
}

func serveWith(t *testing.T, o webaccess.Options) (*webaccess.Handler, string) {
	t.Helper()
	o.Clock, o.Log = clock.Real{}, slog.New(slog.DiscardHandler)
	h := webaccess.New(o)
	server := httptest.NewServer(h)
	t.Cleanup(func() { h.Close(); server.Close() })
	return h, server.URL
}

func start(t *testing.T, o browser.Options) func(browser.Order) browser.Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	t.Cleanup(cancel)
	o.Apart = true // desktops come and go beside it
	b, err := browser.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("close browser: %v", err)
		}
	})
	return func(order browser.Order) browser.Answer {
		t.Helper()
		a, err := b.Do(order)
		if err != nil {
			_, _ = b.Do(browser.Order{Do: "shot", Path: out(t, "failed.png")})
			said, _ := b.Do(browser.Order{Do: "complaints"})
			t.Fatalf("%v; the page complained: %q", err, said.List[max(0, len(said.List)-5):])
		}
		return a
	}
}

// out is where screenshots go: $TAMACHI_SHOTS, else a folder of the test.
func out(t *testing.T, name string) string {
	if dir := os.Getenv("TAMACHI_SHOTS"); dir != "" {
		return filepath.Join(dir, name)
	}
	return filepath.Join(t.TempDir(), name)
}

// content waits until a file has been written, by whoever reads the keys.
func content(t *testing.T, path, want string) {
	t.Helper()
	deadline := time.Now().Add(45 * time.Second)
	for {
		b, err := os.ReadFile(path)
		if err == nil && string(b) == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: want %q, got %q, %v", filepath.Base(path), want, b, err)
		}
		wait(t)
	}
}

// until waits for a fact.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(45 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
		wait(t)
	}
}

// wait lets one short moment of a poll pass.
func wait(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	<-ctx.Done()
}

// focus waits for the terminal and clicks into it.
func focus(t *testing.T, do func(browser.Order) browser.Answer, home string) {
	t.Helper()
	content(t, filepath.Join(home, "ready"), "up\n")
	do(browser.Order{Do: "tap", X: 200, Y: 200})
}

func TestTypedKeysReachAProgramOfARealDesktop(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	x := startXvnc(t, home)
	_, base := serve(t, x, "t1")
	do := start(t, browser.Options{Clipboard: true})

	opened := do(browser.Order{Do: "open", URL: webaccess.TicketURL(base, "t1")})
	if want := base + webaccess.Prefix + "workspace/" + ws + "/"; opened.URL != want || opened.Status != 200 {
		t.Fatalf("after the ticket: want 200 at %s, got %d at %s", want, opened.Status, opened.URL)
	}
	do(browser.Order{Do: "status", Is: "connected"})
	pixels := do(browser.Order{Do: "pixels"})
	t.Logf("from navigation to first pixels: at most %.0f ms", opened.Millis+pixels.Millis)

	focus(t, do, home)
	do(browser.Order{Do: "type", Text: "echo typed-in-a-browser > typed\n"})
	content(t, filepath.Join(home, "typed"), "typed-in-a-browser\n")
	echo := do(browser.Order{Do: "echo", Key: "x"})
	t.Logf("key to pixel: %.0f ms", echo.EchoMS)

	// The X server takes the size of the window.
	room := do(browser.Order{Do: "screen"})
	do(browser.Order{Do: "size", Width: room.Width, Height: room.Height})
	do(browser.Order{Do: "shot", Path: out(t, "desktop.png")})
	if list := do(browser.Order{Do: "complaints"}).List; len(list) > 0 {
		t.Errorf("the page complained: %q", list)
	}
}

func TestClipboardGoesBothWays(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	x := startXvnc(t, home)
	_, base := serve(t, x, "t1")
	do := start(t, browser.Options{})
	do(browser.Order{Do: "open", URL: webaccess.TicketURL(base, "t1")})
	do(browser.Order{Do: "status", Is: "connected"})
	do(browser.Order{Do: "pixels"})
	focus(t, do, home)

	do(browser.Order{Do: "click", Selector: "#clipboard"})
	do(browser.Order{Do: "fill", Selector: "#clip", Text: "from the browser, 文字も"})
	do(browser.Order{Do: "click", Selector: "#paste"})
	do(browser.Order{Do: "type", Text: "xclip -o -selection clipboard > pasted\n"})
	content(t, filepath.Join(home, "pasted"), "from the browser, 文字も")

	// The other way: a program of the desktop takes the clipboard, the page
	// shows what it holds.
	const word = "from-the-desktop"
	do(browser.Order{Do: "type", Text: "printf " + word + " | xclip -selection clipboard\n"})
	do(browser.Order{Do: "value", Selector: "#clip", Is: word})

	// Japanese: out of the desktop by its clipboard, and into it by the input
	// method of the browser's machine.
	if err := os.WriteFile(filepath.Join(home, "out"), []byte("議事録を共有"), 0o600); err != nil {
		t.Fatal(err)
	}
	do(browser.Order{Do: "type", Text: "xclip -selection clipboard < out\n"})
	do(browser.Order{Do: "value", Selector: "#clip", Is: "議事録を共有"})
	do(browser.Order{Do: "click", Selector: "#compose"})
	do(browser.Order{Do: "type", Text: "cat > written\n"})
	do(browser.Order{Do: "compose", Is: "ぎじろく", Text: "議事録"})
	do(browser.Order{Do: "compose", Is: "を", Text: "を読む"})
	do(browser.Order{Do: "press", Key: "Enter"})
	do(browser.Order{Do: "press", Key: "Control+d"})
	content(t, filepath.Join(home, "written"), "議事録を読む\n")
	do(browser.Order{Do: "shot", Path: out(t, "japanese.png")})
}

func TestThePageSaysHowItsDesktopIs(t *testing.T) {
	t.Parallel()
	x := startXvnc(t, t.TempDir())
	p, base := serve(t, x, "t1")
	do := start(t, browser.Options{Locale: "ja-JP", Phone: true})

	// A link that was used says what to do.
	if used := do(browser.Order{Do: "open", URL: webaccess.TicketURL(base, "used")}); used.Status != 410 {
		t.Errorf("status of a used link: want 410 Gone, got %d", used.Status)
	}
	if got := do(browser.Order{Do: "text", Selector: "main"}).Text; !strings.Contains(got, "使用済み") || !strings.Contains(got, "tamachi desktop open") {
		t.Errorf("page: want that the link is used and how to get a new one, got %q", got)
	}

	do(browser.Order{Do: "open", URL: webaccess.TicketURL(base, "t1")})
	do(browser.Order{Do: "status", Is: "connected"})
	if lang := do(browser.Order{Do: "lang"}).Text; lang != "ja" {
		t.Errorf("lang attribute: want ja, got %q", lang)
	}
	do(browser.Order{Do: "pixels"})
	do(browser.Order{Do: "shot", Path: out(t, "phone.png")})

	p.set("STOPPED")
	if err := x.server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if got, want := do(browser.Order{Do: "status", Is: "stopped"}).Text, "デスクトップは停止しています"; !strings.Contains(got, want) {
		t.Errorf("status when stopped: want %q in it, got %q", want, got)
	}
	p.set("STARTING")
	do(browser.Order{Do: "status", Is: "starting"})
	if got := do(browser.Order{Do: "text", Selector: "#waited"}).Text; !strings.Contains(got, "unpacking 40 %") {
		t.Errorf("how far the start is: got %q", got)
	}
	p.set("TERMINATED")
	do(browser.Order{Do: "status", Is: "gone"})
}
