package agent

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// replaced is an agent whose program was just replaced by version 2.0.0.0,
// which it is itself.
func replaced(t *testing.T) *agent {
	t.Helper()
	a := bench(t)
	a.cfg.Version, a.cfg.Program = "1.0.0.0", filepath.Join(t.TempDir(), "agent")
	if err := os.WriteFile(a.cfg.Program, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := a.beginProbation("2.0.0.0"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(a.cfg.Program), os.WriteFile(a.cfg.Program, []byte("new"), 0o600)); err != nil {
		t.Fatal(err)
	}
	a.cfg.Version = "2.0.0.0"
	return a
}

func (a *agent) programText() string {
	b, _ := os.ReadFile(a.cfg.Program)
	return string(b)
}

func TestANewVersionThatComesOnlineStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := replaced(t)
		if err := a.takeProbation(); err != nil || a.probation == nil {
			t.Fatalf("got %v and %v", err, a.probation)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- a.keepProbation(ctx) }()
		step := make(chan outcome, 1)
		go func() { step <- a.updated(ctx) }()
		a.probation.arrived(true, false)
		synctest.Wait()
		if len(step) > 0 {
			t.Error("the step ended before the node reported")
		}
		a.probation.arrived(false, true)
		if got := <-step; got.Status != statusSuccess || !strings.Contains(got.Stdout, "from 1.0.0.0 to 2.0.0.0") {
			t.Errorf("got %+v", got)
		}
		time.Sleep(2 * probationTime) // in the bubble: at once
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if left, _ := filepath.Glob(a.cfg.Program + "*"); len(left) != 1 || a.programText() != "new" {
			t.Errorf("left are %q, the program is %q", left, a.programText())
		}
		a.probation = nil
		if err := a.takeProbation(); err != nil || a.probation != nil {
			t.Errorf("the next start: got %v and %v", err, a.probation)
		}
	})
}

func TestANewVersionThatDoesNotComeOnlineGivesItsPlaceBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := replaced(t)
		if err := a.takeProbation(); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancelCause(t.Context())
		step := make(chan outcome, 1)
		go func() { step <- a.updated(ctx) }()
		a.probation.arrived(true, false) // its reports are refused
		err := a.keepProbation(ctx)
		if !errors.Is(err, ErrRestart) || a.programText() != "old" {
			t.Errorf("got %v and %q", err, a.programText())
		}
		stop(errStopped)
		if got := <-step; got.Status != statusFailed || !strings.Contains(got.Stderr, "rolled back to 1.0.0.0") {
			t.Errorf("got %+v", got)
		}
		a.cfg.Version, a.probation = "1.0.0.0", nil // as the old one is
		if err := a.takeProbation(); err != nil || a.probation != nil {
			t.Errorf("the old one's start: got %v and %v", err, a.probation)
		}
	})
}

func TestANewVersionThatEndsAgainAndAgainGivesItsPlaceBack(t *testing.T) {
	a := replaced(t)
	for range mostStarts {
		if err := a.takeProbation(); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.takeProbation(); !errors.Is(err, ErrRestart) || a.programText() != "old" {
		t.Errorf("got %v and %q", err, a.programText())
	}
}

func TestANewVersionIsTriedBeforeItIsTaken(t *testing.T) {
	a := bench(t)
	a.cfg.Version = "1.0.0.0"
	for _, row := range []struct {
		name, says string
		err        error
		want       string
	}{
		{"it comes online", "2.0.0.0", nil, ""},
		{"it does not", "", errors.New("no channel"), "it did not come online, and 1.0.0.0 goes on: no channel"},
		{"it is another", "3.0.0.0", nil, "it says that it is 3.0.0.0"},
	} {
		a.cfg.Try = func(context.Context, string) (string, error) { return row.says, row.err }
		err := a.try(t.Context(), "program", "2.0.0.0")
		if (err == nil) != (row.want == "") || err != nil && !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want %q", row.name, err, row.want)
		}
	}
}
