package notice

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/notify"
	"tamachi/internal/notify/fake"
	"tamachi/internal/seal"
	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// post is a plane's post office over a data folder.
type post struct {
	*Engine
	t    *testing.T
	dir  string
	clk  *clock.Frozen
	box  *seal.Box
	out  *fake.Recorder
	kept *store.Store
}

func open(t *testing.T) *post {
	p := &post{t: t, dir: t.TempDir(), clk: clock.NewFrozen(noon), box: seal.Memory(), out: fake.New()}
	p.begin()
	t.Cleanup(func() { _ = p.kept.Close() })
	return p
}

// begin starts the plane, over what an earlier one left.
func (p *post) begin() {
	p.t.Helper()
	var err error
	if p.kept, err = store.Open(p.t.Context(), store.Options{Path: filepath.Join(p.dir, "x.db"), Clock: p.clk, Rehearse: true}, Tables()...); err != nil {
		p.t.Fatal(err)
	}
	p.Engine = New(p.kept, p.clk, nil, Ports{Sender: p.out, Box: p.box})
}

func note(id string) notify.Notice {
	return notify.Notice{ID: id, From: "no-reply@example.com", To: id + "@example.com", Subject: "s", Text: "a secret link", At: noon}
}

func (p *post) put(n notify.Notice) {
	p.t.Helper()
	if err := p.kept.Update(p.t.Context(), func(tx *store.Tx) error { return p.Post(tx, n) }); err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) work() (next time.Time) {
	p.t.Helper()
	next, err := p.Upkeep(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return next
}

func (p *post) want(id string, want notify.Delivery, there bool) {
	p.t.Helper()
	err := p.kept.View(p.t.Context(), func(tx *store.Tx) error {
		got, found, err := p.Delivery(tx, id)
		if err != nil {
			return err
		}
		if got != want || found != there {
			p.t.Errorf("%s: want %+v, %v; got %+v, %v", id, want, there, got, found)
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

func TestANoticeIsSentOnce(t *testing.T) {
	p := open(t)
	p.put(note("n-1"))
	p.put(note("n-1"))
	p.want("n-1", notify.Delivery{State: notify.Waiting, At: noon}, true)
	p.work()
	p.work()
	if sent := p.out.Sent(); len(sent) != 1 || sent[0] != note("n-1") {
		t.Errorf("want the notice once, got %+v", sent)
	}
	p.want("n-1", notify.Delivery{State: notify.Sent, Attempts: 1, At: noon}, true)
}

func TestANoticeThatCannotBeIsRefusedAtOnce(t *testing.T) {
	p := open(t)
	n := note("n-1")
	n.To = "nobody"
	err := p.kept.Update(t.Context(), func(tx *store.Tx) error { return p.Post(tx, n) })
	if !errors.Is(err, notify.ErrRefused) {
		t.Errorf("want ErrRefused, got %v", err)
	}
}

func TestAFailureIsTriedAgainLaterAndLater(t *testing.T) {
	p := open(t)
	away := errors.New("the relay is away")
	p.out.Fail(away, away, away)
	p.put(note("n-1"))
	for i, pause := range []time.Duration{15 * time.Second, 30 * time.Second, time.Minute} {
		if next := p.work(); !next.Equal(p.clk.Now().Add(pause)) {
			t.Errorf("want the next attempt after %v, got %v", pause, next.Sub(p.clk.Now()))
		}
		p.want("n-1", notify.Delivery{State: notify.Waiting, Attempts: i + 1, Error: away.Error(), At: p.clk.Now()}, true)
		p.clk.Advance(pause - time.Second)
		p.work() // too early
		p.clk.Advance(time.Second)
	}
	p.work()
	p.want("n-1", notify.Delivery{State: notify.Sent, Attempts: 4, At: p.clk.Now()}, true)
}

func TestWhatIsRefusedEnds(t *testing.T) {
	p := open(t)
	no := fmt.Errorf("%w: 550 no such mailbox", notify.ErrRefused)
	p.out.Fail(no)
	p.put(note("n-1"))
	p.work()
	p.want("n-1", notify.Delivery{State: notify.Failed, Attempts: 1, Error: no.Error(), At: noon}, true)
	p.clk.Advance(remembered)
	p.work()
	p.want("n-1", notify.Delivery{}, false)
	if next := p.work(); !next.IsZero() || len(p.out.Sent()) != 0 {
		t.Errorf("want nothing more to do, got %v", next)
	}
}

func TestDaysOfFailuresEnd(t *testing.T) {
	p := open(t)
	p.put(note("n-1"))
	for attempts := 1; ; attempts++ {
		p.out.Fail(errors.New("away"))
		next := p.work()
		if next.Sub(noon) > givesUp+longestPause {
			p.want("n-1", notify.Delivery{State: notify.Failed, Attempts: attempts, Error: "away", At: p.clk.Now()}, true)
			if attempts < 100 || attempts > 150 {
				t.Errorf("want an attempt an hour, got %d in five days", attempts)
			}
			return
		}
		p.clk.Advance(next.Sub(p.clk.Now()))
	}
}

func TestANoticeOutlivesThePlane(t *testing.T) {
	p := open(t)
	p.out.Fail(errors.New("away"))
	p.put(note("n-1"))
	p.work()
	if err := p.kept.Close(); err != nil {
		t.Fatal(err)
	}
	p.begin()
	p.clk.Advance(time.Minute)
	p.work()
	p.want("n-1", notify.Delivery{State: notify.Sent, Attempts: 2, At: p.clk.Now()}, true)
}

// TestANoticeOutlivesAKill goes on from the files as they are at the instant at
// which Update has returned: nothing was closed or told.
func TestANoticeOutlivesAKill(t *testing.T) {
	p := open(t)
	p.put(note("n-1"))
	killed, next := p.kept, t.TempDir()
	if err := os.CopyFS(next, os.DirFS(p.dir)); err != nil {
		t.Fatal(err)
	}
	defer killed.Close()
	p.dir = next
	p.begin()
	p.work()
	p.want("n-1", notify.Delivery{State: notify.Sent, Attempts: 1, At: noon}, true)
}

func TestOneThatFailsKeepsNoOtherWaiting(t *testing.T) {
	p := open(t)
	p.out.Fail(errors.New("away"))
	for i := range 120 {
		p.put(note(fmt.Sprintf("n-%d", i)))
	}
	p.work()
	if got := len(p.out.Sent()); got != 119 {
		t.Errorf("want all but the one that failed, got %d", got)
	}
}

func TestTheTextIsNotReadableInTheStore(t *testing.T) {
	p := open(t)
	p.put(note("n-1"))
	if err := p.kept.Close(); err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(p.dir, "*"))
	if err != nil || len(found) == 0 {
		t.Fatalf("want files, got %v, %v", found, err)
	}
	for _, f := range found {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("a secret link")) {
			t.Errorf("%s shows the text", f)
		}
	}
	p.begin()
}

func TestStoredForms(t *testing.T) {
	storetest.Golden(t, &records, &record{
		ID: "n-1", To: "a@example.com", State: notify.Waiting, Attempts: 2, Error: "away", Posted: noon, Changed: noon.Add(time.Minute),
		Due: "20261122T120200.000000000Z/n-1", Sealed: []byte{1, 2, 3},
	})
	storetest.Golden(t, &deadlines, &deadline{At: "20261122T120200.000000000Z", ID: "n-1"})
}
