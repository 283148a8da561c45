package house_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/notice"
	"tamachi/internal/desk/settings"
	"tamachi/internal/house"
	"tamachi/internal/notify"
)

// relay is a mail server that may be away.
type relay struct {
	away atomic.Bool
	took atomic.Int32
}

func (r *relay) Send(context.Context, notify.Notice) error {
	if r.away.Load() {
		return errors.New("connection refused")
	}
	r.took.Add(1)
	return nil
}

// TestAPlaneSendsWhatCouldNotGo tells somebody while the mail server is away: the
// plane that starts later sends it, once, and nobody else need run.
func TestAPlaneSendsWhatCouldNotGo(t *testing.T) {
	dir, server := t.TempDir(), &relay{}
	if err := os.WriteFile(filepath.Join(dir, "desk.yaml"), []byte("people: {suzuki: {mail: suzuki@example.com}}\nquiet: {from: \"00:00\", to: \"00:00\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"TAMACHI_DESK": filepath.Join(dir, "desk.yaml"), "XDG_STATE_HOME": dir}
	w := account.World{Getenv: func(k string) string { return env[k] }, Clock: clock.Real{}, Location: time.UTC}
	ways := notice.Ways{Open: func(*settings.Settings) (notice.Senders, error) { return notice.Senders{Mail: server}, nil }}
	server.away.Store(true)
	p := notify.Post{ID: "p-1", To: []string{"suzuki"}, What: [2]string{"the route is back", "ルートは復旧しました"}}
	if err := notice.Tell(w, ways)(t.Context(), p); !errors.Is(err, notice.ErrLater) {
		t.Fatalf("want it kept for later, got %v", err)
	}
	server.away.Store(false)
	var said atomic.Int32
	o := openOn(t, apitest.Options{Desk: &house.Desk{World: w, Actions: change.Actions(), Keep: func(ctx context.Context) {
		notice.Keep(ctx, w, ways, func(string) { said.Add(1) })
	}}})
	d, err := notice.Open(w, ways)
	if err != nil {
		t.Fatal(err)
	}
	o.eventually("the post to have gone", func() bool {
		gone, err := d.Said(t.Context(), p.ID)
		return err == nil && gone
	})
	if n := server.took.Load(); n != 1 || said.Load() != 0 {
		t.Errorf("want one letter and nothing to complain of, got %d and %d lines", n, said.Load())
	}
}
