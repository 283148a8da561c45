package plan

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestApply(t *testing.T) {
	const together, apart = true, false
	rows := []struct {
		name     string
		steps    []string
		together bool
		world    world
		want     string
		lines    map[string]int
	}{
		{"all goes well", []string{"a", "b", "c"}, apart, world{}, "a=DONE b=DONE c=DONE", map[string]int{"a": 1, "b": 1, "c": 1}},
		{
			"one is refused and the others go on",
			[]string{"a", "b", "c"},
			apart,
			world{refuse: map[string]string{"a": "denied"}},
			"a=FAILED b=DONE c=DONE",
			map[string]int{"a": 0, "b": 1},
		},
		{
			"too many are refused and no further step is begun",
			[]string{"a", "b", "c", "d"},
			apart,
			world{refuse: map[string]string{"a": "denied", "b": "denied"}},
			"a=FAILED b=FAILED c= d=",
			map[string]int{"c": 0, "d": 0},
		},
		{
			"what is not as the plan found it is left alone",
			[]string{"a", "b"},
			apart,
			world{lies: map[string]Seen{"b": {State: Drifted}}},
			"a=DONE b=SKIPPED",
			map[string]int{"b": 0},
		},
		{
			"what never comes is a failure",
			[]string{"a", "b"},
			apart,
			world{lies: map[string]Seen{"b": {State: Moving}}},
			"a=DONE b=FAILED",
			map[string]int{"b": 0},
		},
		{
			"a group stops at its first failure",
			[]string{"g/a", "g/b", "g/c", "h/d"},
			apart,
			world{refuse: map[string]string{"b": "denied"}},
			"a=DONE b=FAILED c= d=DONE",
			map[string]int{"a": 1, "c": 0, "d": 1},
		},
		{
			"a transaction is taken back at its first failure",
			[]string{"g/a", "g/b", "g/c", "h/d"},
			together,
			world{refuse: map[string]string{"c": "denied"}},
			"a=UNDONE b=UNDONE c=FAILED d=DONE",
			map[string]int{"a": 0, "b": 0, "c": 0, "d": 1},
		},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			f := folderIn(t, t.TempDir())
			p := planOf(t, func(p *Plan) { p.Together = r.together }, steps(t, r.steps...)...)
			if err := f.Save(p); err != nil {
				t.Fatal(err)
			}
			w := r.world
			w.dir = t.TempDir()
			got, err := run(t.Context(), f, &w, p.ID, nil)
			if err != nil {
				t.Fatal(err)
			}
			if states(got) != r.want {
				t.Errorf("want %s, got %s", r.want, states(got))
			}
			for resource, n := range r.lines {
				if lines := w.lines(resource); len(lines) != n {
					t.Errorf("want %d changes of %s, got %v", n, resource, lines)
				}
			}
			kept, err := f.Read(p.ID)
			if err != nil {
				t.Fatal(err)
			}
			if states(kept) != r.want {
				t.Errorf("want the same on disk, got %s", states(kept))
			}
		})
	}
}

func TestApplyAgainTriesWhatFailed(t *testing.T) {
	f := folderIn(t, t.TempDir())
	p := planOf(t, func(p *Plan) { p.Together = true }, steps(t, "g/a", "g/b")...)
	if err := f.Save(p); err != nil {
		t.Fatal(err)
	}
	w := &world{dir: t.TempDir(), refuse: map[string]string{"b": "no capacity"}}
	first, err := run(t.Context(), f, w, p.ID, nil)
	if err != nil || states(first) != "a=UNDONE b=FAILED" || first.Steps[1].Note != "no capacity" {
		t.Fatalf("want a taken back, got %s, %v", states(first), err)
	}
	w.refuse = nil
	second, err := run(t.Context(), f, w, p.ID, nil)
	if err != nil || states(second) != "a=DONE b=DONE" {
		t.Errorf("want both done, got %s, %v", states(second), err)
	}
	if _, err := run(t.Context(), f, w, p.ID, nil); err != nil {
		t.Fatal(err)
	}
	if len(w.lines("a")) != 1 || len(w.lines("b")) != 1 {
		t.Errorf("want a third run to change nothing, got %v, %v", w.lines("a"), w.lines("b"))
	}
}

func TestCtrlCStopsBetweenTwoCalls(t *testing.T) {
	f := folderIn(t, t.TempDir())
	p := planOf(t, nil, steps(t, "a", "b", "c", "d")...)
	if err := f.Save(p); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	w := &world{dir: t.TempDir(), before: func(string) { stop() }}
	got, err := run(ctx, f, w, p.ID, nil)
	if !errors.Is(err, ErrStopped) || states(got) != "a=ASKED b=ASKED c= d=" {
		t.Fatalf("want the call under way ended and written down, got %s, %v", states(got), err)
	}
	got, err = run(t.Context(), f, &world{dir: w.dir}, p.ID, nil)
	if err != nil || states(got) != "a=DONE b=DONE c=DONE d=DONE" {
		t.Errorf("want the rest done, got %s, %v", states(got), err)
	}
	if n := len(w.lines("a")); n != 1 {
		t.Errorf("want one change of a, got %d", n)
	}
}

func TestAPlanIsForOneProcessAtATime(t *testing.T) {
	f := folderIn(t, t.TempDir())
	p := planOf(t, nil, steps(t, "a")...)
	if err := f.Save(p); err != nil {
		t.Fatal(err)
	}
	j, err := f.Open(p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Open(p.ID); err == nil {
		t.Error("want the second refused")
	}
	j.Close()
	j, err = f.Open(p.ID)
	if err != nil {
		t.Fatalf("want it free again, got %v", err)
	}
	j.Close()
}

func TestUndo(t *testing.T) {
	f := folderIn(t, t.TempDir())
	all := steps(t, "was", "a", "b", "no-way-back", "left")
	all[3].Undo = nil
	p := planOf(t, nil, all...)
	if err := f.Save(p); err != nil {
		t.Fatal(err)
	}
	w := &world{dir: t.TempDir(), refuse: map[string]string{"left": "denied"}}
	w.do([]Ask[put]{{Input: put{"was", "new-was"}}}, func(put) []string { return []string{"new-was"} })
	r, err := run(t.Context(), f, w, p.ID, nil)
	if err != nil || states(r) != "was=DONE a=DONE b=DONE no-way-back=DONE left=FAILED" {
		t.Fatalf("got %s, %v", states(r), err)
	}
	back, err := r.Undo(p.By, morning.Add(time.Hour), "the owner wants it")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Save(back); err != nil {
		t.Fatal(err)
	}
	undone, err := run(t.Context(), f, w, back.ID, nil)
	if err != nil || states(undone) != "b=DONE a=DONE" || len(back.Notes) != 1 {
		t.Errorf("want the last undone first, and a note of the one that cannot be; got %s, %v, %v", states(undone), back.Notes, err)
	}
	if len(w.lines("a")) != 0 || len(w.lines("was")) != 1 {
		t.Errorf("want a taken back, and what was so already left alone: %v, %v", w.lines("a"), w.lines("was"))
	}
	if _, err := (&Record{Plan: p, Steps: make([]Standing, 5)}).Undo(p.By, morning, ""); !errors.Is(err, ErrNothing) {
		t.Errorf("want nothing to undo of a plan that was never applied, got %v", err)
	}
}
