package plan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/shelf"
)

var morning = time.Date(2026, 11, 23, 1, 30, 0, 0, time.UTC)

// world is an account in a folder: a file a resource, whose lines are the
// changes that it took. It outlives a killed process.
type world struct {
	dir    string
	refuse map[string]string // by resource
	lies   map[string]Seen   // what Look says of a resource, whatever is true
	before func(point string)
}

// put is the input of the world's actions: add appends a line, drop takes the
// last one away.
type put struct {
	Resource string `json:"resource"`
	Line     string `json:"line"`
}

func (w *world) lines(resource string) []string {
	b, err := os.ReadFile(filepath.Join(w.dir, resource))
	if err != nil {
		return nil
	}
	return strings.Fields(string(b))
}

func (w *world) actions() Actions {
	has := func(p put) bool {
		got := w.lines(p.Resource)
		return len(got) > 0 && got[len(got)-1] == p.Line
	}
	return Actions{
		"world:Add": Many(2, func(_ context.Context, _ *account.Account, asks []Ask[put]) ([]Seen, error) {
			return w.look(asks, func(p put) bool { return has(p) }), nil
		}, func(_ context.Context, _ *account.Account, asks []Ask[put]) []error {
			return w.do(asks, func(p put) []string { return append(w.lines(p.Resource), p.Line) })
		}).Needs([]string{"world:List"}, []string{"world:Add"}),
		"world:Drop": Many(2, func(_ context.Context, _ *account.Account, asks []Ask[put]) ([]Seen, error) {
			return w.look(asks, func(p put) bool { return !has(p) }), nil
		}, func(_ context.Context, _ *account.Account, asks []Ask[put]) []error {
			return w.do(asks, func(p put) []string { l := w.lines(p.Resource); return l[:len(l)-1] })
		}).Needs([]string{"world:List"}, []string{"world:Drop"}),
	}
}

func (w *world) look(asks []Ask[put], done func(put) bool) []Seen {
	var seen []Seen
	for _, a := range asks {
		lie, lies := w.lies[a.Input.Resource]
		switch {
		case lies:
			seen = append(seen, lie)
		case done(a.Input):
			seen = append(seen, Seen{State: Done})
		default:
			seen = append(seen, Seen{State: Todo})
		}
	}
	return seen
}

func (w *world) do(asks []Ask[put], after func(put) []string) []error {
	errs := make([]error, len(asks))
	for i, a := range asks {
		w.at("before " + a.Input.Resource)
		if why := w.refuse[a.Input.Resource]; why != "" {
			errs[i] = errors.New(why)
			continue
		}
		text := strings.Join(after(a.Input), "\n") + "\n"
		if err := os.WriteFile(filepath.Join(w.dir, a.Input.Resource), []byte(text), 0o600); err != nil {
			errs[i] = err
		}
		w.at("after " + a.Input.Resource)
	}
	return errs
}

func (w *world) at(point string) {
	if w.before != nil {
		w.before(point)
	}
}

// steps are one a name: "a" alone, "g/a" in group g.
func steps(t *testing.T, names ...string) []Step {
	t.Helper()
	var all []Step
	for _, n := range names {
		group, resource, grouped := strings.Cut(n, "/")
		if !grouped {
			group, resource = "", n
		}
		in := put{resource, "new-" + resource}
		do, err := MoveOf("world:Add", in)
		if err != nil {
			t.Fatal(err)
		}
		undo, err := MoveOf("world:Drop", in)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, Step{
			Group: group, Resource: resource, Owner: "yamada.taro", Do: do, Undo: &undo,
			What: Text{"add a line", "行を追加"}, Why: Text{"12 h this month", "今月 12 時間"},
			CLI: Shell("world", "add", resource, "new line"),
		})
	}
	return all
}

func planOf(t *testing.T, change func(*Plan), all ...Step) *Plan {
	t.Helper()
	p := Plan{
		Duty: "cost sweep", Made: morning, By: "arn:aws:iam::123456789012:user/tanabe", Reason: "end of the month",
		Places: []Place{{Account: "123456789012", Region: "ap-northeast-1", Endpoint: "http://127.0.0.1:4566"}},
		Facts:  json.RawMessage(`{"hours": {"a": 12}}`), Steps: all,
	}
	if change != nil {
		change(&p)
	}
	made, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func folderIn(t *testing.T, dir string) Folder {
	t.Helper()
	s, err := shelf.In(func(string) string { return dir })
	if err != nil {
		t.Fatal(err)
	}
	return In(s)
}

// run applies a plan in a world, and returns its record.
func run(ctx context.Context, f Folder, w *world, id string, change func(*Apply)) (*Record, error) {
	j, err := f.Open(id)
	if err != nil {
		return nil, err
	}
	defer j.Close()
	now := clock.NewFrozen(morning)
	a := &Apply{
		Journal: j, Actions: w.actions(), Accounts: []*account.Account{nil}, Clock: now, By: "arn:aws:iam::123456789012:user/tanabe",
		Patience: time.Minute, Errors: 1, Watch: func(*Record) {},
		Pause: func(ctx context.Context, d time.Duration) error { now.Advance(d); return ctx.Err() },
	}
	if change != nil {
		change(a)
	}
	err = a.Run(ctx)
	return j.Record, err
}

// states writes the steps' states in one line.
func states(r *Record) string {
	var out []string
	for i, s := range r.Steps {
		out = append(out, fmt.Sprintf("%s=%s", r.Plan.Steps[i].Resource, s.State))
	}
	return strings.Join(out, " ")
}
