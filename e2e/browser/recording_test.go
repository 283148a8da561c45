package browser_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tamachi/e2e/browser"
	"tamachi/internal/desktops"
	"tamachi/internal/id"
	"tamachi/internal/webaccess"
	"tamachi/internal/webaccess/recording"
)

const rec = "rec-0123456789abcdef0"

// films is the desk of one recording, in memory.
type films struct {
	mu  sync.Mutex
	one desktops.Recording // guarded by mu
}

func (f *films) Due(context.Context) (run, remove []desktops.Recording, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.one.Live {
		run = []desktops.Recording{f.one}
	}
	return run, nil, nil
}

func (f *films) Recorded(_ context.Context, r desktops.Recording) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.one.Live, f.one.Bytes, f.one.Millis, f.one.End = false, r.Bytes, r.Millis, r.End
	return nil
}

func (f *films) Removed(context.Context, desktops.Recording) error { return nil }

func (f *films) RedeemPlayback(_ context.Context, ticket string) (desktops.Pass, error) {
	if ticket != "play" {
		return desktops.Pass{}, desktops.ErrNoPass
	}
	return desktops.Pass{ID: rec, Secret: "film", Expires: time.Now().Add(time.Hour)}, nil
}

func (f *films) Playback(_ context.Context, secret string) (desktops.Recording, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if secret != "film" {
		return desktops.Recording{}, desktops.ErrNoPass
	}
	return f.one, nil
}

func (f *films) Exported(ctx context.Context, _ string) (desktops.Recording, error) {
	return f.Playback(ctx, "film")
}

// hasRed tells whether a recording has a row of red pixels, as xterm paints
// them.
func hasRed(shelf *recording.Shelf) bool {
	r, err := shelf.Open(rec)
	if err != nil {
		return false
	}
	defer r.Close()
	row := bytes.Repeat([]byte{0xcd, 0, 0, 0}, 100)
	for n := range r.Chunks() {
		packed, err := r.Packed(n)
		if err != nil {
			return false
		}
		list, err := recording.Messages(packed)
		if err != nil {
			return false
		}
		if slices.ContainsFunc(list, func(m recording.Message) bool { return bytes.Contains(m.Data, row) }) {
			return true
		}
	}
	return false
}

// A person types while they are recorded, and is told so; what they typed is
// seen in the player, and in the file that was taken away.
func TestARecordingShowsWhatWasOnTheScreen(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	x := startXvnc(t, home)
	shelf, err := recording.Open(recording.Options{Path: t.TempDir(), Key: make([]byte, 32), IDs: id.Random()})
	if err != nil {
		t.Fatal(err)
	}
	f := &films{one: desktops.Recording{
		ID: rec, WorkspaceID: ws, UserName: "fujita.kouhei", By: "arn:aws:iam::111122223333:user/auditor", Live: true,
		Start: time.Now(), Until: time.Now().Add(time.Hour), Limit: 1 << 30,
	}}
	p := &passes{tickets: map[string]bool{"t1": true}, state: "AVAILABLE"}
	h, base := serveWith(t, webaccess.Options{Passes: p, Entry: p, Lobby: p, Display: x, Recordings: f, Shelf: shelf})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = h.Record(ctx) }()
	t.Cleanup(func() { stop(); <-ended })

	do := start(t, browser.Options{Locale: "ja-JP"})
	do(browser.Order{Do: "open", URL: webaccess.TicketURL(base, "t1")})
	do(browser.Order{Do: "status", Is: "connected"})
	do(browser.Order{Do: "pixels"})
	do(browser.Order{Do: "shown", Selector: "#recorded:not([hidden])"})
	if got := do(browser.Order{Do: "text", Selector: "#banner"}).Text; !strings.Contains(got, "auditor がこの画面を録画しています") {
		t.Errorf("the banner: got %q", got)
	}
	do(browser.Order{Do: "shot", Path: out(t, "recorded.png")})
	focus(t, do, home)
	do(browser.Order{Do: "type", Text: "clear; echo seen > seen; printf '\\033[41m%2000s' x\n"}) // a red field
	content(t, filepath.Join(home, "seen"), "seen\n")

	until(t, "the recording to have the red field", func() bool { return hasRed(shelf) })
	do(browser.Order{Do: "resize", Width: 390, Height: 844})
	do(browser.Order{Do: "open", URL: webaccess.PlaybackURL(base, "play")})
	do(browser.Order{Do: "status", Is: "ready"})
	if got := do(browser.Order{Do: "text", Selector: "#facts"}).Text; !strings.Contains(got, "fujita.kouhei") || !strings.Contains(got, "auditor") {
		t.Errorf("what the page says of the recording: got %q", got)
	}
	red := "film.seek(film.end).then(() => film.pen.getImageData(0, 0, film.canvas.width, film.canvas.height).data.reduce((n, v, i, d) => n + (i % 4 === 0 && v > 150 && d[i + 1] < 60 && d[i + 2] < 60), 0) > 5000)"
	white := strings.Replace(red, "film.end", "0", 1)
	do(browser.Order{Do: "holds", Text: red})
	do(browser.Order{Do: "shot", Path: out(t, "playback-phone.png")})
	do(browser.Order{Do: "holds", Text: "!(" + "await " + white + ")"})
	do(browser.Order{Do: "click", Selector: "#speed"})
	do(browser.Order{Do: "holds", Text: "(film.speed = 16, film.play(), true)"})
	do(browser.Order{Do: "holds", Text: "film.at === film.end && !film.playing"}) // it plays to the end
	do(browser.Order{Do: "holds", Text: red})

	do(browser.Order{Do: "holds", Text: "film.chunks.filter((c) => c[0]).length <= 4 + film.end / 30000"}) // whole pictures are few: one a size

	// The file that was taken away plays without the plane.
	res, err := http.Get(webaccess.ExportURL(base, "any"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	file := filepath.Join(t.TempDir(), "film.html")
	w, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	do(browser.Order{Do: "resize", Width: 1280, Height: 800})
	do(browser.Order{Do: "open", URL: "file://" + file})
	do(browser.Order{Do: "status", Is: "ready"})
	do(browser.Order{Do: "holds", Text: red})
	do(browser.Order{Do: "shot", Path: out(t, "exported.png")})
	if list := do(browser.Order{Do: "complaints"}).List; len(list) > 0 {
		t.Errorf("the pages complained: %q", list)
	}
}
