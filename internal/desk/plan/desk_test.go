package plan

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// TestWhatAPersonIsToldToDoNext is how a plan is applied that is only shown, and
// nothing where it is applied at once, or where there is no plan.
func TestWhatAPersonIsToldToDoNext(t *testing.T) {
	waiting, _ := io.Pipe() // a terminal at which nobody says anything
	for _, row := range []struct {
		name  string
		left  bool // by Ctrl-C
		in    io.Reader
		steps []string
		apply bool
		ends  string // why it ended, with the plan's id for ID
		next  bool
		kept  int
	}{
		{"it is shown", false, strings.NewReader(""), []string{"a"}, false, "", true, 1},
		{"it is asked about, and not agreed to", false, strings.NewReader("n\n"), []string{"a"}, true, "nothing was changed; the plan is kept: tamachi plan apply ID", false, 1},
		{"Ctrl-C at the question", true, waiting, []string{"a"}, true, "nothing was changed; the plan is kept: tamachi plan apply ID", false, 1},
		{"there is nothing to do", false, strings.NewReader(""), nil, true, "", false, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			env := map[string]string{"XDG_STATE_HOME": t.TempDir(), "XDG_CONFIG_HOME": t.TempDir(), "LC_ALL": "C"}
			var out strings.Builder
			d := &Desk{
				World:   account.World{Getenv: func(name string) string { return env[name] }, Clock: clock.NewFrozen(morning), Location: time.UTC},
				Streams: Streams{In: row.in, Out: &out, Err: io.Discard},
			}
			p := planOf(t, nil, steps(t, row.steps...)...)
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			if row.left {
				stop()
			}
			o := Options{Apply: row.apply}
			err := o.Settle(ctx, d, p)
			said, code := "", 0
			if exit, ok := errors.AsType[*report.Exit](err); ok {
				said, code = exit.Error(), exit.Code
			} else if err != nil {
				t.Fatal(err)
			}
			if want := strings.ReplaceAll(row.ends, "ID", p.ID); said != want || (code == report.Found) != (row.kept > 0) {
				t.Errorf("want it to end with %q, got %q, %d", want, said, code)
			}
			if got := strings.Contains(out.String(), "next: tamachi plan apply "+p.ID); got != row.next {
				t.Errorf("want the next command %t, got\n%s", row.next, &out)
			}
			if got := strings.Contains(out.String(), p.ID); got != (row.kept > 0) {
				t.Errorf("want the id of a plan that is kept, and no other, got\n%s", &out)
			}
			folder, err := d.Folder()
			if err != nil {
				t.Fatal(err)
			}
			if all, err := folder.List(); err != nil || len(all) != row.kept {
				t.Errorf("want %d kept, got %d, %v", row.kept, len(all), err)
			}
		})
	}
}
