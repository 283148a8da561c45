// Package browser drives a real browser, Debian's Chromium, for the tests and
// benchmarks that look at a desktop the way a person does. The browser is told
// what to do by driver.mjs over playwright-core; `make` installs both.
package browser

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Options says which browser is wanted. The zero value is a desktop window of
// 1280x800 in English.
type Options struct {
	Dir       string // the folder of driver.mjs; "" is the working directory
	Chromium  string // "" is /usr/bin/chromium
	Locale    string // "" is en-US; it becomes the Accept-Language header
	Phone     bool   // touch and a small window
	Insecure  bool   // accept a certificate of an unknown authority
	Clipboard bool   // consent to the page's reading of the clipboard
	Apart     bool   // in a network of its own, which needs root
	Width     int    // 0 is 1280, or 390 on a phone
	Height    int    // 0 is 800, or 844 on a phone
	Timeout   time.Duration
}

// Browser is one running browser with one page.
type Browser struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	profile string
	doors   map[string]net.Listener // into the network of its own, nil if it has none
}

// Answer is what the driver says to an order; which fields are set depends on
// the order. Millis is how long the order took.
type Answer struct {
	Status int     `json:"status"` // HTTP status of open
	URL    string  `json:"url"`
	Text   string  `json:"text"`
	Width  int     `json:"width"`
	Height int     `json:"height"`
	EchoMS float64 `json:"echo_ms"`
	// DrawnMS is how much of EchoMS had passed when noVNC had drawn the change.
	DrawnMS float64  `json:"drawn_ms"`
	Millis  float64  `json:"ms"`
	List    []string `json:"list"`
	Error   string   `json:"error"`
	At      string   `json:"at"` // the page's status when an order failed
}

// Order is one thing to do; Do names it, the rest depends on it.
type Order struct {
	Do       string `json:"do"`
	URL      string `json:"url,omitempty"`
	Is       string `json:"is,omitempty"`
	Key      string `json:"key,omitempty"`
	Text     string `json:"text,omitempty"`
	Selector string `json:"selector,omitempty"`
	Path     string `json:"path,omitempty"`
	Width    int    `json:"width,omitempty"`
	Height   int    `json:"height,omitempty"`
	X        int    `json:"x,omitempty"`
	Y        int    `json:"y,omitempty"`
}

// Start starts a browser with an empty profile of its own. It ends with ctx or
// by Close.
func Start(ctx context.Context, o Options) (*Browser, error) {
	if _, err := os.Stat(filepath.Join(o.Dir, "node_modules/playwright-core")); err != nil {
		return nil, errors.New("playwright-core is not installed; run make e2e/browser/node_modules")
	}
	profile, err := os.MkdirTemp("", "tamachi-browser-")
	if err != nil {
		return nil, fmt.Errorf("make browser profile: %w", err)
	}
	given, err := json.Marshal(o.settings(profile))
	if err != nil {
		return nil, fmt.Errorf("write browser settings: %w", err)
	}
	args := []string{"node", "driver.mjs", string(given)}
	if o.Apart {
		args = append([]string{"unshare", "--net", "sh", "-c", `ip link set lo up && exec "$0" "$@"`}, args...)
	}
	b := &Browser{profile: profile, cmd: exec.CommandContext(ctx, args[0], args[1:]...)}
	if o.Apart {
		b.doors = map[string]net.Listener{}
	}
	b.cmd.Dir = o.Dir
	b.cmd.Stderr = os.Stderr
	// The browser's own processes are ended with the driver.
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	b.cmd.Cancel = func() error { return syscall.Kill(-b.cmd.Process.Pid, syscall.SIGKILL) }
	b.cmd.WaitDelay = 5 * time.Second
	if b.in, err = b.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start browser: %w", err)
	}
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start browser: %w", err)
	}
	b.out = bufio.NewReader(out)
	if err := b.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start browser: %w", err)
	}
	if _, err := b.read(); err != nil {
		return nil, errors.Join(fmt.Errorf("start browser: %w", err), b.Close())
	}
	return b, nil
}

func (o Options) settings(profile string) map[string]any {
	width, height := 1280, 800
	if o.Phone {
		width, height = 390, 844
	}
	return map[string]any{
		"chromium": or(o.Chromium, "/usr/bin/chromium"), "profile": profile, "locale": or(o.Locale, "en-US"),
		"width": or(o.Width, width), "height": or(o.Height, height), "phone": o.Phone,
		"insecure": o.Insecure, "clipboard": o.Clipboard, "timeout": or(o.Timeout, 45*time.Second).Milliseconds(),
	}
}

func or[T comparable](given, otherwise T) T {
	var zero T
	if given == zero {
		return otherwise
	}
	return given
}

// Do carries out an order and waits for it.
func (b *Browser) Do(o Order) (Answer, error) {
	if err := b.door(o.URL); err != nil {
		return Answer{}, fmt.Errorf("browser %s: %w", o.Do, err)
	}
	line, err := json.Marshal(o)
	if err != nil {
		return Answer{}, fmt.Errorf("browser %s: %w", o.Do, err)
	}
	if _, err := b.in.Write(append(line, '\n')); err != nil {
		return Answer{}, fmt.Errorf("browser %s: %w", o.Do, err)
	}
	a, err := b.read()
	if err != nil {
		return a, fmt.Errorf("browser %s: %w", o.Do, err)
	}
	return a, nil
}

func (b *Browser) read() (Answer, error) {
	line, err := b.out.ReadBytes('\n')
	if err != nil {
		return Answer{}, fmt.Errorf("browser ended: %w", err)
	}
	var a Answer
	if err := json.Unmarshal(line, &a); err != nil {
		return a, fmt.Errorf("read answer %q: %w", line, err)
	}
	if a.Error != "" {
		return a, fmt.Errorf("%s (page status %q)", a.Error, a.At)
	}
	return a, nil
}

// Close ends the browser and removes its profile.
func (b *Browser) Close() error {
	b.in.Close()
	err := b.cmd.Wait()
	for _, l := range b.doors {
		l.Close()
	}
	return errors.Join(err, os.RemoveAll(b.profile))
}
