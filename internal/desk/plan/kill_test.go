package plan

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
)

// TestMain lets the test run itself as the process that is killed.
func TestMain(m *testing.M) {
	if id := os.Getenv("PLAN_TO_APPLY"); id != "" {
		os.Exit(child(id))
	}
	os.Exit(m.Run())
}

// child applies a plan and kills itself at one of the points before and after a
// change.
func child(id string) int {
	at, _ := strconv.Atoi(os.Getenv("PLAN_KILLED_AT"))
	w := &world{dir: os.Getenv("PLAN_WORLD"), before: func(string) {
		if at--; at == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}}
	w.refuse = map[string]string{"refused": "denied"}
	f := folderIn(&testing.T{}, os.Getenv("PLAN_STATE"))
	r, err := run(context.Background(), f, w, id, func(a *Apply) { a.Errors = 5 })
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Print(states(r))
	return 0
}

// TestApplySurvivesKill kills an apply at every point before and after each
// change, and runs it again: it ends right, with nothing twice.
func TestApplySurvivesKill(t *testing.T) {
	const points = 14 // two a change, seven changes; see the steps below
	for at := range points + 1 {
		state, dir := t.TempDir(), t.TempDir()
		f := folderIn(t, state)
		p := planOf(t, func(p *Plan) { p.Together = true }, steps(t, "a", "b", "c", "g/d", "g/e", "h/i", "h/refused")...)
		if err := f.Save(p); err != nil {
			t.Fatal(err)
		}
		apply := func(at int) (string, error) {
			c := exec.Command(os.Args[0])
			c.Env = append(os.Environ(), "PLAN_TO_APPLY="+p.ID, "PLAN_STATE="+state, "PLAN_WORLD="+dir, "PLAN_KILLED_AT="+strconv.Itoa(at))
			out, err := c.Output()
			return string(out), err
		}
		if at > 0 {
			if out, err := apply(at); err == nil && at < points {
				t.Fatalf("want a kill at point %d, got %s", at, out)
			}
		}
		out, err := apply(0)
		if err != nil {
			t.Fatalf("after a kill at point %d: %v", at, err)
		}
		if want := "a=DONE b=DONE c=DONE d=DONE e=DONE i=UNDONE refused=FAILED"; out != want {
			t.Errorf("after a kill at point %d: want %s, got %s", at, want, out)
		}
		w := &world{dir: dir}
		for resource, n := range map[string]int{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "i": 0} {
			if got := w.lines(resource); len(got) != n {
				t.Errorf("after a kill at point %d: want %d changes of %s, got %v", at, n, resource, got)
			}
		}
	}
}
