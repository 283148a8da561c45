package question

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"tamachi/internal/clock"
)

// TestMain lets the test run itself as the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("QUESTION_STATE"); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

// child answers, and kills itself before or after what follows from it. What
// follows bears to be asked for twice, as a Taker must.
func child(dir string) int {
	at, _ := strconv.Atoi(os.Getenv("QUESTION_KILLED_AT"))
	point := func() {
		if at--; at == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	d := &Desk{Folder: In(shelfOf(dir)), Clock: clock.NewFrozen(noon), Log: func(string) {}}
	d.Takers = Takers{"cost keep": {Take: func(context.Context, *Question, Answer) error {
		point()
		if err := os.WriteFile(filepath.Join(dir, "taken"), []byte("release"), 0o600); err != nil {
			return err
		}
		point()
		return nil
	}}}
	r, err := d.Folder.Save(keep(), noon)
	if err != nil {
		return 1
	}
	_, err = d.Answer(context.Background(), r.Question.ID, "suzuki", Answer{Choice: "release"})
	point()
	if errors.Is(err, ErrAnswered) {
		fmt.Print("answered already")
		return 0
	}
	if err != nil {
		return 1
	}
	fmt.Print("thanks")
	return 0
}

// TestAnAnswerSurvivesKill kills whoever takes an answer at each point, and sends
// the form again: it counts once, and what follows from it has happened.
func TestAnAnswerSurvivesKill(t *testing.T) {
	for at, want := range map[int]string{1: "thanks", 2: "thanks", 3: "answered already"} {
		dir := t.TempDir()
		run := func(at int) (string, error) {
			c := exec.Command(os.Args[0])
			c.Env = append(os.Environ(), "QUESTION_STATE="+dir, "QUESTION_KILLED_AT="+strconv.Itoa(at))
			out, err := c.Output()
			return string(out), err
		}
		if out, err := run(at); err == nil {
			t.Fatalf("want a kill at point %d, got %s", at, out)
		}
		if got, err := run(0); err != nil || got != want {
			t.Errorf("after a kill at point %d: want %q, got %q, %v", at, want, got, err)
		}
		r, err := In(shelfOf(dir)).About("cost keep")
		if err != nil || len(r) != 1 || r[0].Answer == nil {
			t.Errorf("after a kill at point %d: want the answer kept, got %+v, %v", at, r, err)
		}
		if b, err := os.ReadFile(filepath.Join(dir, "taken")); err != nil || string(b) != "release" {
			t.Errorf("after a kill at point %d: want what follows, got %q, %v", at, b, err)
		}
	}
}
