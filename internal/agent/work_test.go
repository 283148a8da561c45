package agent

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
)

// restarted is a new agent over the folder of another.
func restarted(t *testing.T, a *agent) *agent {
	t.Helper()
	work, err := openJobs(a.cfg.Folder, a.cfg.Clock)
	if err != nil {
		t.Fatal(err)
	}
	b := &agent{cfg: a.cfg, log: a.log, id: a.id, plane: a.plane, purse: a.purse, outbox: &outbox{}, jobs: work}
	if err := b.recover(); err != nil {
		t.Fatal(err)
	}
	return b
}

func jobOf(id string, now time.Time, steps ...step) *job {
	one := &job{record: record{Job: id, Topic: topicSend, Received: now}, steps: steps}
	for _, s := range steps {
		one.Steps = append(one.Steps, stepKey{s.Key, s.Plugin})
	}
	return one
}

func statusOf(t *testing.T, r reply) (status string, steps map[string]stepReport) {
	t.Helper()
	var c struct {
		DocumentStatus string
		RuntimeStatus  map[string]stepReport
	}
	if err := json.Unmarshal([]byte(r.Content), &c); err != nil {
		t.Fatal(err)
	}
	return c.DocumentStatus, c.RuntimeStatus
}

func TestResultOutlivesARestartUntilItIsAcknowledged(t *testing.T) {
	a := bench(t)
	one := jobOf("aws.ssm.c.mi-0", a.cfg.Clock.Now(), shell("echo hello"))
	if err := a.jobs.accept(one); err != nil {
		t.Fatal(err)
	}
	a.perform(t.Context(), one)

	b := restarted(t, a)
	waiting := b.outbox.unacknowledged()
	if len(waiting) != 1 {
		t.Fatalf("got %d replies after a restart, want 1", len(waiting))
	}
	if status, steps := statusOf(t, waiting[0]); status != statusSuccess || steps["aws:runShellScript"].StandardOutput != "" || steps["one"].StandardOutput != "hello\n" {
		t.Errorf("got %s with %+v, want Success with the output", status, steps)
	}
	b.acknowledged(waiting[0].ID)
	if c := restarted(t, b); len(c.outbox.unacknowledged()) != 0 {
		t.Error("an acknowledged reply came back after a restart")
	}
	if err := restarted(t, b).jobs.accept(jobOf("aws.ssm.c.mi-0", a.cfg.Clock.Now(), shell("true"))); !errors.Is(err, errDuplicate) {
		t.Errorf("the same job again after a restart: got %v, want %v", err, errDuplicate)
	}
}

func TestJobUnderWayAtARestartFailsTruthfully(t *testing.T) {
	a := bench(t)
	one := jobOf("aws.ssm.c.mi-0", a.cfg.Clock.Now(), step{Key: "first", Plugin: "aws:runShellScript"}, step{Key: "second", Plugin: "aws:runShellScript"})
	if err := a.jobs.accept(one); err != nil {
		t.Fatal(err)
	}
	ended := map[string]outcome{"first": {Status: statusSuccess, Stdout: "ok"}}
	if err := a.jobs.keep(one, a.newReply(one.Job, topicSend, statusInProgress, a.described(one, ended, "first"), ""), false); err != nil {
		t.Fatal(err)
	}
	got := restarted(t, a).outbox.unacknowledged()
	if len(got) != 2 {
		t.Fatalf("got %d replies, want the first step's and the last", len(got))
	}
	status, steps := statusOf(t, got[1])
	if _, again := steps["first"]; status != statusFailed || again || !strings.Contains(steps["second"].StandardError, "restarted") {
		t.Errorf("got %s with %+v, want Failed with the second step only", status, steps)
	}
}

func TestAgentTakesTenJobsAndNoMore(t *testing.T) {
	a := bench(t)
	for i := range mostJobs {
		if err := a.jobs.accept(jobOf("job"+string(rune('a'+i)), a.cfg.Clock.Now(), shell("true"))); err != nil {
			t.Fatalf("job %d: %v", i, err)
		}
	}
	if err := a.jobs.accept(jobOf("one more", a.cfg.Clock.Now(), shell("true"))); !errors.Is(err, errBusy) {
		t.Errorf("got %v, want %v", err, errBusy)
	}
	a.jobs.finished()
	if err := a.jobs.accept(jobOf("one more", a.cfg.Clock.Now(), shell("true"))); err != nil {
		t.Errorf("after one ended: %v", err)
	}
}

func TestFinishedJobIsForgottenAfterHalfAnHour(t *testing.T) {
	a := bench(t)
	now := clock.NewFrozen(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	a.cfg.Clock, a.jobs.clock = now, now
	one := jobOf("old", now.Now(), shell("true"))
	if err := a.jobs.accept(one); err != nil {
		t.Fatal(err)
	}
	a.perform(t.Context(), one)
	files := func() int {
		found, err := filepath.Glob(filepath.Join(a.jobs.folder, "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	now.Advance(remembered + time.Second)
	a.jobs.forgetOld()
	if got := files(); got != 1 {
		t.Errorf("with a result to deliver: got %d files, want 1", got)
	}
	a.acknowledged(a.outbox.unacknowledged()[0].ID)
	a.jobs.forgetOld()
	if got := files(); got != 0 {
		t.Errorf("with nothing to deliver: got %d files, want 0", got)
	}
}

func TestCancelOfAWaitingJobTakesEffect(t *testing.T) {
	a := bench(t)
	one := jobOf("waiting", a.cfg.Clock.Now(), shell("echo ran >"+filepath.Join(t.TempDir(), "ran")))
	if err := a.jobs.accept(one); err != nil {
		t.Fatal(err)
	}
	if one, _ := a.jobs.stop("waiting"); one == nil {
		t.Fatal("a waiting job cannot be cancelled")
	}
	a.perform(t.Context(), one)
	if status, steps := statusOf(t, a.outbox.unacknowledged()[0]); status != statusCancelled || len(steps) != 0 {
		t.Errorf("got %s with %v, want Cancelled without steps", status, steps)
	}
}

func TestStepsFollowTheirOrders(t *testing.T) {
	named := func(name, line string, change func(*step)) step {
		s := shell(line)
		s.Key = name
		if change != nil {
			change(&s)
		}
		return s
	}
	for _, row := range []struct {
		name   string
		steps  []step
		status string
		each   string
	}{
		{"a failure does not stop the next step", []step{named("a", "false", nil), named("b", "true", nil)}, statusFailed, "Failed Success"},
		{"exit on failure does", []step{named("a", "false", func(s *step) { s.OnFailed = "exit" }), named("b", "true", nil)}, statusFailed, "Failed Skipped"},
		{"success may be claimed on failure", []step{named("a", "false", func(s *step) { s.OnFailed = "successAndExit" }), named("b", "true", nil)}, statusSuccess, "Success Skipped"},
		{"exit on success", []step{named("a", "true", func(s *step) { s.OnDone = "exit" }), named("b", "true", nil)}, statusSuccess, "Success Skipped"},
		{"code 168 is a success that ends the document", []step{named("a", "exit 168", nil), named("b", "true", nil)}, statusSuccess, "Success Skipped"},
		{"code 169 is a failure that ends it", []step{named("a", "exit 169", nil), named("b", "true", nil)}, statusFailed, "Failed Skipped"},
		{"the last step always runs", []step{named("a", "false", func(s *step) { s.OnFailed = "exit" }), named("b", "true", func(s *step) { s.Last = true })}, statusFailed, "Failed Success"},
		{"but only as the last", []step{named("a", "exit 169", nil), named("b", "true", func(s *step) { s.Last = true }), named("c", "true", nil)}, statusFailed, "Failed Skipped Skipped"},
		{"a time limit is worse than a failure", []step{named("a", "sleep 9", func(s *step) { s.Limit = 50 * time.Millisecond }), named("b", "false", nil)}, statusTimedOut, "TimedOut Failed"},
	} {
		a := bench(t)
		one := jobOf("job", a.cfg.Clock.Now(), row.steps...)
		if err := a.jobs.accept(one); err != nil {
			t.Fatal(err)
		}
		r, err := a.runOf(t.Context(), one, &outputs{a: a})
		if err != nil {
			t.Fatal(err)
		}
		got := a.runDocument(t.Context(), r)
		var each []string
		for _, s := range row.steps {
			each = append(each, got.Steps[s.Key].Status)
		}
		if got.Status != row.status || strings.Join(each, " ") != row.each {
			t.Errorf("%s: got %s of %v, want %s of %s", row.name, got.Status, each, row.status, row.each)
		}
		if got := len(a.outbox.unacknowledged()); got != len(row.steps) {
			t.Errorf("%s: %d steps were reported, want %d", row.name, got, len(row.steps))
		}
	}
}

func TestLongResultsLeaveTheLastReply(t *testing.T) {
	a := bench(t)
	one := jobOf("job", a.cfg.Clock.Now())
	results := map[string]outcome{}
	for i := range 20 {
		key := "step" + string(rune('a'+i))
		one.Steps = append(one.Steps, stepKey{key, "aws:runShellScript"})
		results[key] = outcome{Status: statusSuccess, Stdout: strings.Repeat("x", mostStdout)}
	}
	if got := a.described(one, results, ""); len(got) != 0 {
		t.Errorf("got %d steps in the last reply, want none", len(got))
	}
	if got := a.described(one, results, "stepc"); len(got) != 1 {
		t.Errorf("got %d steps in one step's reply, want 1", len(got))
	}
}

func TestSpoiledJobFileDoesNotStopTheAgent(t *testing.T) {
	a := bench(t)
	spoiled := filepath.Join(a.jobs.folder, "spoiled.json")
	if err := os.WriteFile(spoiled, []byte(`{"Job":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if b := restarted(t, a); len(b.outbox.unacknowledged()) != 0 {
		t.Error("a spoiled job has a result")
	}
	if _, err := os.Stat(spoiled); !os.IsNotExist(err) {
		t.Errorf("the spoiled file is still there: %v", err)
	}
}

func TestFilesAreForTheOwnerOnly(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "agent")
	made, err := openIdentity(folder, "eu-west-1", bench(t).cfg.IDs)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(folder, "identity.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("identity: got mode %v (%v), want 0600", info.Mode().Perm(), err)
	}
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder: got mode %v (%v), want 0700", info.Mode().Perm(), err)
	}
	again, err := openIdentity(folder, "eu-west-1", bench(t).cfg.IDs)
	if err != nil || again.Fingerprint != made.Fingerprint || string(again.Key) != string(made.Key) {
		t.Errorf("a second start made another identity (%v)", err)
	}
}
