package agent

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/id"
)

func bench(t *testing.T) *agent {
	t.Helper()
	cfg, err := Config{
		Region: "eu-west-1", Domain: "example.test", Folder: t.TempDir(), Clock: clock.Real{}, IDs: id.Seeded(1),
	}.complete()
	if err != nil {
		t.Fatal(err)
	}
	work, err := openJobs(cfg.Folder, cfg.Clock)
	if err != nil {
		t.Fatal(err)
	}
	return &agent{cfg: cfg, log: cfg.Log, id: &identity{Node: "mi-0123456789abcdef0"}, outbox: &outbox{}, jobs: work}
}

func shell(lines ...string) step {
	all := []any{}
	for _, line := range lines {
		all = append(all, line)
	}
	return step{Key: "one", Plugin: "aws:runShellScript", Inputs: map[string]any{"runCommand": all}, Limit: time.Minute, Portable: true}
}

// alone runs one step as the only one of a document.
func alone(ctx context.Context, t *testing.T, a *agent, s step) outcome {
	t.Helper()
	return a.runStep(ctx, &run{Job: "job", Folder: t.TempDir()}, s, false)
}

func TestRunStep(t *testing.T) {
	a := bench(t)
	in := shell("pwd")
	in.Inputs["workingDirectory"] = "/usr"
	nowhere := shell("pwd")
	nowhere.Inputs["workingDirectory"] = "/does/not/exist"
	short := shell("sleep 100 & wait")
	short.Limit = 300 * time.Millisecond
	skipped := shell("echo no")
	skipped.Unmet = "not here"
	for _, row := range []struct {
		name                   string
		step                   step
		status                 string
		code                   int
		stdout, stderrContains string
	}{
		{"lines run in one shell", shell("x=1", "echo $x"), statusSuccess, 0, "1\n", ""},
		{"the exit code of the script counts", shell("echo a; exit 3"), statusFailed, 3, "a\n", "failed to run commands: exit status 3"},
		{"a first line names the interpreter", shell("#!/bin/bash", "a=(1 2); echo ${a[1]}"), statusSuccess, 0, "2\n", ""},
		{"an interpreter may have an argument", shell("#!/bin/sh -e", "false", "echo no"), statusFailed, 1, "", "exit status 1"},
		{"the working directory is where it runs", in, statusSuccess, 0, "/usr\n", ""},
		{"a missing working directory fails", nowhere, statusFailed, 1, "", "no such file"},
		{"no directory is the root", shell("pwd"), statusSuccess, 0, "/\n", ""},
		{"the node's id is in the environment", shell("echo $AWS_SSM_INSTANCE_ID"), statusSuccess, 0, "mi-0123456789abcdef0\n", ""},
		{"a limit ends the whole group", short, statusTimedOut, 137, "", ""},
		{"a background process does not hold the result", shell("sleep 30 & echo $!"), statusSuccess, 0, "*", ""},
		{"a precondition skips", skipped, statusSkipped, 0, "Step execution skipped due to unsatisfied preconditions: 'not here'. Step name: one", ""},
		{"an unknown plugin fails", step{Plugin: "aws:unknown", Limit: time.Second}, statusFailed, 1, "", "Plugin with name aws:unknown is not supported by this version of ssm agent"},
		{"a plugin of another platform fails", step{Plugin: "aws:psModule", Limit: time.Second}, statusFailed, 1, "", "Plugin with name aws:psModule is not supported in current platform."},
		{"in a document for several platforms it is skipped", step{Key: "one", Plugin: "aws:psModule", Portable: true, Limit: time.Second}, statusSkipped, 0, "Step execution skipped due to unsupported plugin: aws:psModule. Step name: one", ""},
		{"an old document has no preconditions", step{Plugin: "aws:runShellScript", Conditioned: true, Limit: time.Second}, statusFailed, 1, "", "Precondition is not supported for document schema version prior to 2.2."},
		{"a restart is asked for by its code", shell("exit 194"), statusInProgress, 194, "", ""},
		{"bytes that are no text are replaced", shell(`printf 'a\377b'`), statusSuccess, 0, "a\uFFFDb", ""},
		{"time zone is UTC", shell("date +%Z"), statusSuccess, 0, "UTC\n", ""},
	} {
		got := alone(t.Context(), t, a, row.step)
		if got.Status != row.status || got.Code != row.code {
			t.Errorf("%s: got %s with code %d, want %s with %d (%s)", row.name, got.Status, got.Code, row.status, row.code, got.Stderr)
		}
		if row.stdout != "*" && got.Stdout != row.stdout {
			t.Errorf("%s: stdout %q, want %q", row.name, got.Stdout, row.stdout)
		}
		if !strings.Contains(got.Stderr, row.stderrContains) {
			t.Errorf("%s: stderr %q, want %q in it", row.name, got.Stderr, row.stderrContains)
		}
		if row.stdout == "*" { // the background process lives: end it
			if pid, err := strconv.Atoi(strings.TrimSpace(got.Stdout)); err != nil || syscall.Kill(pid, syscall.SIGKILL) != nil {
				t.Errorf("%s: the process %q was not there any more", row.name, got.Stdout)
			}
		}
	}
	if left, _ := filepath.Glob(filepath.Join(a.jobs.folder, "*")); len(left) > 0 {
		t.Errorf("scripts are left behind: %v", left)
	}
}

func TestOutputIsCutAtItsLimits(t *testing.T) {
	got := alone(t.Context(), t, bench(t), shell("head -c 100000 /dev/zero | tr '\\0' a", "head -c 100000 /dev/zero | tr '\\0' b >&2", "exit 7"))
	if len(got.Stdout) != mostStdout || len(got.Stderr) != mostStderr {
		t.Errorf("got %d bytes of stdout and %d of stderr, want %d and %d", len(got.Stdout), len(got.Stderr), mostStdout, mostStderr)
	}
	if !strings.HasSuffix(got.Stderr, "exit status 7") {
		t.Errorf("the reason was cut off: %q", got.Stderr[len(got.Stderr)-40:])
	}
}

func TestStoppingEndsEveryProcessOfAStep(t *testing.T) {
	for _, row := range []struct {
		name   string
		cause  error
		status string
	}{
		{"a cancel", errCancelled, statusCancelled},
		{"the end of the agent", errStopped, statusFailed},
	} {
		a := bench(t)
		ctx, stop := context.WithCancelCause(t.Context())
		mark := filepath.Join(t.TempDir(), "pid")
		done := make(chan outcome, 1)
		go func() {
			done <- alone(ctx, t, a, shell("sleep 100 & echo $! >"+mark+".new; mv "+mark+".new "+mark+"; wait"))
		}()
		var pid int
		eventually(t, "the script to start", func() bool {
			b, err := os.ReadFile(mark)
			pid, _ = strconv.Atoi(strings.TrimSpace(string(b)))
			return err == nil
		})
		stop(row.cause)
		if got := <-done; got.Status != row.status || got.Code != 137 {
			t.Errorf("%s: got %s with code %d, want %s with 137", row.name, got.Status, got.Code, row.status)
		}
		eventually(t, "the child to end", func() bool {
			return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || zombie(pid)
		})
	}
}

// zombie tells whether a process has ended and waits for a parent that is
// none of ours.
func zombie(pid int) bool {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || strings.Contains(string(b), ") Z ")
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("waited 20 s for %s", what)
		case <-tick.C:
		}
	}
}
