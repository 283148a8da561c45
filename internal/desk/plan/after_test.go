package plan

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
)

// TestAPlanAfterAnother waits for the announcement, and then for as long as was
// announced.
func TestAPlanAfterAnother(t *testing.T) {
	dir := t.TempDir()
	f := folderIn(t, dir)
	first := planOf(t, func(p *Plan) { p.Duty = "announcement" }, steps(t, "said")...)
	second := planOf(t, func(p *Plan) { p.After = &After{Plan: first.ID, Wait: time.Hour} }, steps(t, "a")...)
	if second.Digest == planOf(t, nil, steps(t, "a")...).Digest {
		t.Error("want an approval to be of the wait too")
	}
	now := clock.NewFrozen(morning)
	d := &Desk{World: account.World{Clock: now, Location: time.UTC, Getenv: func(string) string { return "" }}}
	turn := func() string {
		t.Helper()
		r, err := f.Read(second.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.InTurn(f, r); err != nil {
			return err.Error()
		}
		return ""
	}
	if err := f.Save(second); err != nil {
		t.Fatal(err)
	}
	r, err := f.Read(second.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.InTurn(f, r); err == nil || errors.Is(err, fs.ErrNotExist) && !strings.Contains(err.Error(), first.ID) {
		t.Errorf("want it refused without the first, got %v", err)
	}
	if err := f.Save(first); err != nil {
		t.Fatal(err)
	}
	if got := turn(); got != "plan "+first.ID+" comes first: tamachi plan apply "+first.ID {
		t.Errorf("got %q", got)
	}
	w := &world{dir: t.TempDir()}
	if _, err := run(t.Context(), f, w, first.ID, nil); err != nil {
		t.Fatal(err)
	}
	now.Advance(59 * time.Minute)
	if got := turn(); !strings.HasPrefix(got, "not before 2026-11-23 02:30, as was announced") {
		t.Errorf("got %q", got)
	}
	now.Advance(2 * time.Minute)
	if got := turn(); got != "" {
		t.Errorf("want its turn, got %q", got)
	}
}
