package plan

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
)

// inWaves numbers steps: "2:a" is a in wave 2, "!2:a" is vital there.
func inWaves(t *testing.T, names ...string) []Step {
	t.Helper()
	var all []Step
	for _, n := range names {
		wave, name, _ := strings.Cut(strings.TrimPrefix(n, "!"), ":")
		s := steps(t, name)[0]
		s.Wave, s.Vital = int(wave[0]-'0'), strings.HasPrefix(n, "!")
		all = append(all, s)
	}
	return all
}

func TestWaves(t *testing.T) {
	for _, row := range []struct {
		name   string
		steps  []string
		world  world
		change func(*Plan)
		pauses []func(*world) // what happens in each pause
		closed bool
		want   string
		order  string // of the calls
	}{
		{
			name: "one after the other", steps: []string{"2:c", "1:a", "1:b", "3:d"}, want: "c=DONE a=DONE b=DONE d=DONE", order: "a b c d",
		},
		{
			name: "a wave waits for what is on its way", steps: []string{"1:a", "2:b"}, world: world{lies: map[string]Seen{"a": {State: Moving}}},
			pauses: []func(*world){nil, nil, func(w *world) { delete(w.lies, "a") }}, want: "a=DONE b=DONE", order: "a b",
		},
		{
			name: "a failure within what is allowed", steps: []string{"1:a", "2:b"}, world: world{refuse: map[string]string{"a": "no"}},
			want: "a=FAILED b=DONE", order: "a b",
		},
		{
			name: "too many for this plan", steps: []string{"1:a", "2:b"}, world: world{refuse: map[string]string{"a": "no"}},
			change: func(p *Plan) { p.Stop = 1 }, want: "a=FAILED b=", order: "a",
		},
		{
			name: "a vital failure", steps: []string{"!1:a", "2:b"}, world: world{refuse: map[string]string{"a": "no"}}, want: "a=FAILED b=", order: "a",
		},
		{
			name: "a vital step that is not as it was", steps: []string{"!1:a", "2:b"}, world: world{lies: map[string]Seen{"a": {State: Drifted}}},
			want: "a=SKIPPED b=",
		},
		{
			name: "somebody works there to the end", steps: []string{"1:a", "1:b", "2:c"}, world: world{lies: map[string]Seen{"a": {State: Later, Note: "in use"}}},
			want: "a=SKIPPED b=DONE c=DONE", order: "b c",
		},
		{
			name: "somebody works there for a while", steps: []string{"1:a", "2:b"}, world: world{lies: map[string]Seen{"a": {State: Later}}},
			pauses: []func(*world){nil, func(w *world) { delete(w.lies, "a") }}, want: "a=DONE b=DONE", order: "b a",
		},
		{
			name: "somebody works on a canary for too long", steps: []string{"!1:a", "2:b"}, world: world{lies: map[string]Seen{"a": {State: Later}}},
			want: "a=FAILED b=",
		},
		{name: "outside the window", steps: []string{"0:a", "1:b"}, closed: true, want: "a=DONE b=", order: "a"},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := folderIn(t, t.TempDir())
			p := planOf(t, row.change, inWaves(t, row.steps...)...)
			if err := f.Save(p); err != nil {
				t.Fatal(err)
			}
			w := row.world
			w.dir = t.TempDir()
			var calls []string
			w.before = func(point string) {
				if name, is := strings.CutPrefix(point, "before "); is {
					calls = append(calls, name)
				}
			}
			pauses := row.pauses
			now := clock.NewFrozen(morning)
			got, err := run(t.Context(), f, &w, p.ID, func(a *Apply) {
				a.Clock = now
				a.Open = func() bool { return !row.closed }
				a.Pause = func(_ context.Context, d time.Duration) error {
					if len(pauses) > 0 {
						if pauses[0] != nil {
							pauses[0](&w)
						}
						pauses = pauses[1:]
					}
					now.Advance(d)
					return nil
				}
			})
			if err != nil || states(got) != row.want || strings.Join(calls, " ") != row.order {
				t.Fatalf("want %s by %q, got %s by %q, %v", row.want, row.order, states(got), calls, err)
			}
			// All that was left open goes on, and nothing is done twice.
			w.lies, w.refuse = nil, nil
			got, err = run(t.Context(), f, &w, p.ID, nil)
			if err != nil || got.Count(Applied) != len(row.steps) {
				t.Errorf("want all done by a second run, got %s, %v", states(got), err)
			}
			for _, s := range p.Steps {
				if lines := w.lines(s.Resource); len(lines) != 1 {
					t.Errorf("want one change of %s, got %v", s.Resource, lines)
				}
			}
		})
	}
}

// TestUndoGoesBackThroughTheWaves takes the last wave back first.
func TestUndoGoesBackThroughTheWaves(t *testing.T) {
	f := folderIn(t, t.TempDir())
	p := planOf(t, func(p *Plan) { p.Window = "off-hours" }, inWaves(t, "!1:a", "2:b", "2:c")...)
	if err := f.Save(p); err != nil {
		t.Fatal(err)
	}
	w := &world{dir: t.TempDir()}
	r, err := run(t.Context(), f, w, p.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	back, err := r.Undo("arn:aws:iam::123456789012:user/tanabe", morning, "")
	if err != nil || back.Window != "" || back.Steps[0].Wave != 0 || back.Steps[2].Resource != "a" || back.Steps[2].Wave != 1 {
		t.Errorf("want the waves the other way round, at any time, got %+v, %v", back, err)
	}
}

// TestAClosedWindowSaysWhenItOpens ends an apply whose steps wait for the night.
func TestAClosedWindowSaysWhenItOpens(t *testing.T) {
	p := planOf(t, func(p *Plan) { p.Window = "22:00-06:00" }, inWaves(t, "1:a")...)
	r := &Record{Plan: p, Steps: make([]Standing, 1)}
	dir := t.TempDir()
	env := map[string]string{"TAMACHI_DESK": filepath.Join(dir, "desk.yaml"), "LC_ALL": "C"}
	if err := os.WriteFile(env["TAMACHI_DESK"], []byte("work: {zone: UTC}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tell := func(at time.Time) string {
		var out strings.Builder
		d := &Desk{
			World:   account.World{Getenv: func(k string) string { return env[k] }, Clock: clock.NewFrozen(at), Location: time.UTC},
			Streams: Streams{Out: &out, Err: &out},
		}
		if open, err := d.window(p); err != nil || open() != (at.Hour() >= 22) {
			t.Errorf("at %s: want the window to be as the plan says, got %v", at, err)
		}
		return d.tell(r, 0, nil).Error()
	}
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	if got := tell(noon); !strings.Contains(got, "the window 22:00-06:00 is closed; it opens at 2026-11-24 22:00") {
		t.Errorf("want to hear when it opens, got %s", got)
	}
	if got := tell(noon.Add(11 * time.Hour)); !strings.Contains(got, "not all is done") {
		t.Errorf("want what is left while it is open, got %s", got)
	}
}
