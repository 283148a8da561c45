package agent

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// twoSteps is a document of which the second step asks for a restart the first
// time.
func twoSteps(mark string) string {
	return orderOf(`{"schemaVersion":"2.2","mainSteps":[
		{"action":"aws:runShellScript","name":"first","inputs":{"runCommand":["echo once >>`+mark+`.first"]}},
		{"action":"aws:runShellScript","name":"second","inputs":{"runCommand":["[ -e `+mark+` ] || { touch `+mark+`; exit 194; }; echo $PWD; echo done"]}}]}`, `{}`)
}

func accepted(t *testing.T, a *agent, id, order string) *job {
	t.Helper()
	steps, err := readOrder(order)
	if err != nil {
		t.Fatal(err)
	}
	one := jobOf(id, a.cfg.Clock.Now(), steps...)
	one.content = order
	if err := a.jobs.accept(one); err != nil {
		t.Fatal(err)
	}
	return one
}

func TestAStepThatAsksForARestartRunsAgainAfterIt(t *testing.T) {
	a := bench(t)
	reboots := 0
	a.cfg.Reboot = func(context.Context) error { reboots++; return errors.New("no") }
	mark := filepath.Join(t.TempDir(), "mark")
	one := accepted(t, a, "aws.ssm.c.mi-0", twoSteps(mark))
	a.perform(t.Context(), one)
	if got := a.outbox.unacknowledged(); len(got) != 1 {
		t.Fatalf("%d replies before the restart, want the first step's", len(got))
	}
	if err := a.jobs.accept(jobOf("another", a.cfg.Clock.Now(), shell("true"))); !errors.Is(err, errBusy) {
		t.Errorf("a job before a restart: got %v, want %v", err, errBusy)
	}
	<-a.jobs.calm() // nothing is under way

	b := restarted(t, a)
	again := <-b.jobs.queue
	b.perform(t.Context(), again)
	replies := b.outbox.unacknowledged()
	status, steps := statusOf(t, replies[len(replies)-1])
	if status != statusSuccess || steps["first"].Status != statusSuccess || !strings.HasSuffix(steps["second"].StandardOutput, "done\n") {
		t.Errorf("after the restart: %s with %+v", status, steps)
	}
	if b, err := os.ReadFile(mark + ".first"); string(b) != "once\n" {
		t.Errorf("the first step left %q (%v), want one line", b, err)
	}
	if left, _ := filepath.Glob(filepath.Join(a.jobs.folder, "*"+workSuffix)); len(left) > 0 {
		t.Errorf("work folders are left: %v", left)
	}
}

func TestAMachineThatCannotRestartGoesOnWithOtherJobs(t *testing.T) {
	a := bench(t)
	asked := make(chan bool, 1)
	a.cfg.Reboot = func(context.Context) error { asked <- true; return errors.New("no") }
	a.perform(t.Context(), accepted(t, a, "one", twoSteps(filepath.Join(t.TempDir(), "mark"))))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.keepRestart(ctx) }()
	<-asked
	eventually(t, "jobs to be taken", func() bool { return a.jobs.wants() == restartNothing })
	accepted(t, a, "two", orderOf(shellDocument, `{"commands":["true"]}`))
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAJobThatWaitsForARestartCanBeCancelled(t *testing.T) {
	a := bench(t)
	one := accepted(t, a, "one", twoSteps(filepath.Join(t.TempDir(), "mark")))
	a.perform(t.Context(), one)
	a.receiveCancel(t.Context(), frame{ID: a.cfg.IDs.UUID()}, "cancel", `{"CancelMessageId":"one"}`)
	replies := a.outbox.unacknowledged()
	if status, steps := statusOf(t, replies[len(replies)-1]); status != statusCancelled || len(steps) != 1 {
		t.Errorf("got %s with %v, want Cancelled with the first step", status, steps)
	}
	if got := restarted(t, a); len(got.jobs.queue) != 0 {
		t.Error("a cancelled job was taken up again")
	}
}
