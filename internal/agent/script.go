package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"
)

// The protocol's limits, in bytes.
const (
	mostOutput = 2500
	mostStdout = 24000
	mostStderr = 8000
)

// The statuses of steps and documents.
const (
	statusInProgress = "InProgress"
	statusSuccess    = "Success"
	statusFailed     = "Failed"
	statusTimedOut   = "TimedOut"
	statusCancelled  = "Cancelled"
	statusSkipped    = "Skipped"
)

var (
	errCancelled = errors.New("the command was cancelled")
	errStopped   = errors.New("the agent was stopped before the command ended")
	errTimeout   = errors.New("the command took longer than its time limit")
)

func (o *outcome) fail(why string) {
	before := clip(o.Stderr, mostStderr-1-min(len(why), mostStderr-1)) // the reason is never cut
	o.Status, o.Stderr = statusFailed, strings.TrimPrefix(before+"\n"+why, "\n")
	if o.Code == 0 {
		o.Code = 1
	}
}

// runScript is aws:runShellScript and aws:runPowerShellScript.
func runScript(ctx context.Context, a *agent, t *task) outcome {
	folder, err := os.MkdirTemp(t.Folder, "script-")
	if err != nil {
		return failedWith("make a folder for the script: %v", err)
	}
	defer os.RemoveAll(folder)
	program, args, err := a.prepare(folder, t.Plugin, lines(t.Inputs["runCommand"]))
	if err != nil {
		return failedWith("%v", err)
	}
	return a.execute(ctx, t, t.directory(), program, args...)
}

// execute runs a process to its end, with all that it starts.
func (a *agent) execute(ctx context.Context, t *task, folder, program string, args ...string) (out outcome) {
	stdout, stderr := head{most: mostStdout}, head{most: mostStderr}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdout, cmd.Stderr = both(&stdout, t.Stdout), both(&stderr, t.Stderr)
	cmd.Env = slices.Concat(a.cfg.Environment, t.Env, []string{
		"AWS_SSM_INSTANCE_ID=" + a.id.Node, "AWS_SSM_REGION_NAME=" + a.cfg.Region, "TAMACHI_AGENT_SOCKET=" + a.socket(),
	})
	cmd.Dir = folder
	// A group of its own, so that all of it can be ended. What the script
	// leaves in the background lives on, but its hold on the pipes is cut
	// after a second.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	out.Stdout, out.Stderr = stdout.String(), stderr.String()
	out.judge(cmd.ProcessState, err, context.Cause(ctx))
	return out
}

// both writes to each of two; the second may be nil, and may fail without
// the process hearing of it.
func both(kept *head, all io.Writer) io.Writer {
	if all == nil {
		return kept
	}
	return twice{kept, all}
}

type twice struct {
	kept *head
	all  io.Writer
}

func (t twice) Write(p []byte) (int, error) {
	_, _ = t.all.Write(p) // what becomes of the whole output is told elsewhere
	return t.kept.Write(p)
}

// end is the outcome of a step that was ended before it had one.
func (o *outcome) end(cause error) {
	switch {
	case errors.Is(cause, errCancelled):
		o.Status, o.Code = statusCancelled, 137
	case errors.Is(cause, errTimeout):
		o.Status, o.Code = statusTimedOut, 137
	default:
		o.fail(cause.Error())
	}
}

// judge turns the end of a process into status and code.
func (o *outcome) judge(state *os.ProcessState, err, cause error) {
	if state == nil {
		if errors.Is(cause, errCancelled) {
			o.Status, o.Code = statusCancelled, 137
			return
		}
		if cause != nil {
			err = cause // not "context canceled"
		}
		o.fail("failed to run commands: " + err.Error())
		return
	}
	wait, _ := state.Sys().(syscall.WaitStatus)
	o.Code = wait.ExitStatus()
	if wait.Signaled() {
		o.Code = 128 + int(wait.Signal())
	}
	ended := wait.Signaled() && wait.Signal() == syscall.SIGKILL
	switch {
	case ended && errors.Is(cause, errTimeout):
		o.Status = statusTimedOut
	case ended && errors.Is(cause, errCancelled):
		o.Status = statusCancelled
	case ended && cause != nil:
		o.fail(cause.Error())
	case o.Code == exitRestart:
		o.Status, o.Again = statusInProgress, restartMachine
	case o.Code != 0:
		// The wording is that of the SSM Agent: scripts look for it.
		o.fail(fmt.Sprintf("failed to run commands: exit status %d", o.Code))
	default:
		o.Status = statusSuccess
	}
}

// prepare writes the script and says how to run it. The interpreter named in a
// first line "#!" is started directly: the file itself need not be executable,
// so it works on a noexec mount and while another script is being started.
func (a *agent) prepare(folder, plugin string, lines []string) (program string, args []string, err error) {
	text := strings.Join(lines, "\n") + "\n"
	program, name := "/bin/sh", "_script.sh"
	switch plugin {
	case "aws:runShellScript":
		if first, _, _ := strings.Cut(text, "\n"); strings.HasPrefix(first, "#!") {
			interpreter, arg, _ := strings.Cut(strings.TrimSpace(first[2:]), " ")
			if interpreter != "" {
				program = interpreter
			}
			if arg = strings.TrimSpace(arg); arg != "" {
				args = append(args, arg)
			}
		}
	case "aws:runPowerShellScript":
		if program, err = a.lookPath("pwsh"); err != nil {
			return "", nil, errors.New("there is no PowerShell (pwsh) on this node")
		}
		name = "_script.ps1"
		args = []string{"-NoLogo", "-NonInteractive", "-File"}
	}
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		return "", nil, fmt.Errorf("write the script: %w", err)
	}
	return program, append(args, path), nil
}

// head keeps the first bytes that are written to it and swallows the rest, so
// that a talkative script neither fills memory nor blocks.
type head struct {
	kept []byte
	most int
}

func (h *head) Write(p []byte) (int, error) {
	// One byte more than is kept tells that something was cut.
	h.kept = append(h.kept, p[:min(len(p), h.most+1-len(h.kept))]...)
	return len(p), nil
}

// String returns what was kept, as valid UTF-8.
func (h *head) String() string { return clip(string(h.kept), h.most) }

// clip cuts a text to at most n bytes of valid UTF-8, not inside a character.
func clip(s string, n int) string {
	if s = strings.ToValidUTF8(s, "\uFFFD"); len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// The marks of the SSM Agent in a combined output.
const (
	errorTitle  = "\n----------ERROR-------\n"
	stdoutIsCut = "\n---Output truncated---"
	stderrIsCut = "\n---Error truncated----"
)

// combined is the "output" of a step: stdout, then stderr under a title, each
// cut to its share when both do not fit.
func combined(stdout, stderr string) string {
	title := ""
	if stderr != "" {
		title = errorTitle
	}
	room := mostOutput - len(title)
	if len(stdout)+len(stderr) <= room {
		return stdout + title + stderr
	}
	half := room / 2
	switch {
	case len(stdout) > half && len(stderr) > half:
		return clip(stdout, half-len(stdoutIsCut)) + stdoutIsCut + title + clip(stderr, half-len(stderrIsCut)) + stderrIsCut
	case len(stdout) > half:
		return clip(stdout, room-len(stderr)-len(stdoutIsCut)) + stdoutIsCut + title + stderr
	default:
		return stdout + title + clip(stderr, room-len(stdout)-len(stderrIsCut)) + stderrIsCut
	}
}
