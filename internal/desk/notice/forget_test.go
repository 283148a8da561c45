package notice

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify"
)

// fill writes n posts that were said so long ago, as the desk itself does.
func fill(t *testing.T, path string, n int, at time.Time) {
	t.Helper()
	if err := shelf.Create(path); err != nil {
		t.Fatal(err)
	}
	j, _, err := shelf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var lines []any
	for i := range n {
		p := post(fmt.Sprintf("old-%d", i), func(p *notify.Post) { p.To = []string{"suzuki"} })
		lines = append(lines, kept{At: at, State: owed, ID: p.ID, Post: &p}, kept{At: at, State: sent, ID: p.ID, Place: "suzuki@example.com"}, kept{At: at, State: sent, ID: p.ID})
	}
	if err := j.Append(lines...); err != nil {
		t.Fatal(err)
	}
}

func lines(t *testing.T, d *Desk) int {
	t.Helper()
	all, err := shelf.Lines(d.Shelf.Folder(file))
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// TestTheLedgerForgets is what stays of a ledger that got long: all that is open,
// that something was said, and threads that go on.
func TestTheLedgerForgets(t *testing.T) {
	r := &room{}
	d := deskOf(t, r, day)
	fill(t, d.Shelf.Folder(file), 2500, day.Add(-100*24*time.Hour))
	d.Clock = clock.NewFrozen(day.Add(-80 * 24 * time.Hour))
	thread := func(p *notify.Post) { p.Topic, p.Thread, p.Urgent = "desktops", "incident-1", true }
	r.fail = map[string]bool{"suzuki@example.com": true}
	if err := d.Send(t.Context(), post("begin", thread)); err != nil {
		t.Fatal(err)
	}
	if err := d.Send(t.Context(), post("open", func(p *notify.Post) { p.To = []string{"vdi"} })); !errors.Is(err, ErrLater) {
		t.Fatal(err)
	}
	if n := lines(t, d); n < 2500 || n > 2600 {
		t.Fatalf("want one line of each that was said weeks ago, got %d lines", n)
	}
	if said, err := d.Said(t.Context(), "old-7"); !said || err != nil {
		t.Errorf("want it known that it was said, got %t, %v", said, err)
	}
	d.Clock = clock.NewFrozen(day)
	if err := d.Send(t.Context(), post("now", thread)); err != nil {
		t.Fatal(err)
	}
	if n := lines(t, d); n > 20 {
		t.Errorf("want the old posts forgotten, got %d lines", n)
	}
	for id, want := range map[string]bool{"old-7": false, "begin": true, "now": true, "open": false} {
		if said, err := d.Said(t.Context(), id); said != want || err != nil {
			t.Errorf("%s: want said %t, got %t, %v", id, want, said, err)
		}
	}
	if last := r.chat[len(r.chat)-1]; last.To != "#vdi" || last.Thread == "" {
		t.Errorf("want the incident's thread go on, got %+v", last)
	}
	all, err := d.Standing()
	if err != nil || len(all) != 1 || all[0].ID != "open" || all[0].What[1] == "" {
		t.Errorf("want what is open still there, got %+v, %v", all, err)
	}
	r.fail = nil
	before := len(r.chat) + len(r.mail)
	if n, err := d.Retry(t.Context()); n != 1 || err != nil || len(r.chat)+len(r.mail) != before+1 {
		t.Errorf("want it to go to the one who has not had it, got %d, %v, %q", n, err, r.got())
	}
}

// TestALedgerThatIsAllWantedStays is written anew only where that is worth it.
func TestALedgerThatIsAllWantedStays(t *testing.T) {
	d := deskOf(t, &room{}, day)
	fill(t, d.Shelf.Folder(file), 1000, day.Add(-time.Hour))
	before, err := os.Stat(d.Shelf.Folder(file))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Send(t.Context(), post("now", func(p *notify.Post) { p.To = []string{"suzuki"} })); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(d.Shelf.Folder(file))
	if err != nil || !os.SameFile(before, after) || lines(t, d) != 3003 {
		t.Errorf("want the file as it was and three lines more, got %d, %v", lines(t, d), err)
	}
}

// TestNothingIsLostWhileOthersForget adds lines while another process forgets.
func TestNothingIsLostWhileOthersForget(t *testing.T) {
	d := deskOf(t, &room{}, day)
	fill(t, d.Shelf.Folder(file), 1, day)
	const posts = 100
	var g sync.WaitGroup
	g.Go(func() {
		for range posts {
			if _, err := d.forget(t.Context()); err != nil {
				t.Error(err)
			}
		}
	})
	for i := range posts {
		if err := d.note(t.Context(), &ledger{said: map[string]bool{}, done: map[string]bool{}}, kept{At: day, State: sent, ID: strconv.Itoa(i)}); err != nil {
			t.Fatal(err)
		}
	}
	g.Wait()
	l, err := d.look()
	if err != nil || len(l.done) != posts+1 {
		t.Errorf("want %d posts done, got %d, %v", posts+1, len(l.done), err)
	}
}

// TestForgettingSurvivesKill kills a process that forgets again and again, once it
// has said so many times that it has: all that was open is there.
func TestForgettingSurvivesKill(t *testing.T) {
	for _, after := range []int{1, 2, 5, 9} {
		dir := t.TempDir()
		s, err := shelf.In(func(string) string { return dir })
		if err != nil {
			t.Fatal(err)
		}
		d := &Desk{Shelf: s, Clock: clock.NewFrozen(day)}
		fill(t, s.Folder(file), 500, day.Add(-100*24*time.Hour))
		p := post("open", nil)
		if err := d.note(t.Context(), &ledger{posts: map[string]*standing{}}, kept{At: day.Add(-200 * 24 * time.Hour), State: owed, ID: "open", Post: &p}); err != nil {
			t.Fatal(err)
		}
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "NOTICE_STATE="+dir, "NOTICE_FORGETS=1")
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		for range after {
			if _, err := out.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(c.Process.Kill()); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // it was killed
		l, err := d.look()
		if err != nil || len(l.open(owed)) != 1 || l.open(owed)[0].post.What != p.What {
			t.Errorf("killed after %d: want the open post, got %v, %v", after, l, err)
		}
		b, err := os.ReadFile(filepath.Join(dir, "tamachi", "desk", file))
		if err != nil || !bytes.HasSuffix(b, []byte("}\n")) || strings.Count(string(b), "\n") != 1 {
			t.Errorf("killed after %d: want one whole line, got %q, %v", after, b, err)
		}
	}
}
