package plan

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
)

// Who waits is told what for, as the account shows it now.
func TestWhatIsWaitedForIsSaid(t *testing.T) {
	all := []string{"a", "b", "c", "d", "e"}
	lies := map[string]Seen{}
	for _, id := range all[1:] {
		lies[id] = Seen{State: Moving, Note: "ws-" + id + " is PENDING"}
	}
	p := planOf(t, nil, steps(t, all...)...)
	dir := t.TempDir()
	f := folderIn(t, dir)
	if err := f.Save(p); err != nil {
		t.Fatal(err)
	}
	clk := clock.NewFrozen(morning)
	var said bytes.Buffer
	d := &Desk{World: account.World{Clock: clk, Getenv: func(string) string { return "" }}, Streams: Streams{Err: &said}}
	watch := d.watch(morning)
	r, err := run(t.Context(), f, &world{dir: dir, lies: lies}, p.ID, func(a *Apply) {
		a.Watch = func(r *Record) {
			clk.Advance(3 * time.Second)
			watch(r)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "waits for yamada.taro (ws-b is PENDING), yamada.taro (ws-c is PENDING), yamada.taro (ws-d is PENDING) and 1 more"
	if !strings.Contains(said.String(), want) {
		t.Errorf("want %q, got\n%s", want, said.String())
	}
	lines := strings.Split(strings.TrimSpace(said.String()), "\n")
	if last := lines[len(lines)-1]; strings.Contains(last, "waits for") || !strings.HasPrefix(last, "1 of 5 done, 4 failed") {
		t.Errorf("want nothing waited for at the end, got %q, %s", last, states(r))
	}
}
