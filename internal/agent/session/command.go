package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// runCommand runs the command of a document of NonInteractiveCommands, without
// a terminal. Its standard error goes the way of its output unless the document
// wants them apart; then its exit code is sent too.
func (t *talk) runCommand(ctx context.Context) (output string, err error) {
	c, err := t.order.command()
	if err != nil {
		return "", err
	}
	words, err := split(c.Text)
	if err != nil {
		return "", err
	}
	own, err := t.order.whose(c.Elevated)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Env = own.environment(t.o.Environment, "AWS_SSM_INSTANCE_ID="+t.o.Node, "AWS_SSM_REGION_NAME="+t.o.Region)
	cmd.Dir = own.folder()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: own.credential}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	var one sync.Mutex
	cmd.Stdout = &mouth{t: t, ctx: ctx, kind: kindOutput, one: &one}
	cmd.Stderr = cmd.Stdout
	if c.Separate {
		cmd.Stderr = &mouth{t: t, ctx: ctx, kind: kindStderr, one: &one}
	}
	go t.heed(ctx, cancel) // it ends with the stream, which outlives this
	err = cmd.Run()
	if cause := context.Cause(ctx); cause != nil {
		return "", cause
	}
	if cmd.ProcessState == nil {
		return "", fmt.Errorf("start %s: %w", words[0], err)
	}
	code := exitCode(cmd.ProcessState.Sys())
	if c.Separate {
		if err := t.say(ctx, kindExitCode, []byte(strconv.Itoa(code))); err != nil {
			return "", err
		}
	}
	if code != 0 {
		output = fmt.Sprintf("The command exited with status %d.", code)
	}
	return output, nil
}

func exitCode(state any) int {
	wait, ok := state.(syscall.WaitStatus)
	if ok && wait.Signaled() {
		return 128 + int(wait.Signal())
	}
	return wait.ExitStatus()
}

// heed ends a command when its client types ^C or asks for the end.
func (t *talk) heed(ctx context.Context, cancel context.CancelCauseFunc) {
	for {
		kind, payload, err := t.hear(ctx)
		switch {
		case err != nil:
			cancel(err)
			return
		case kind == kindOutput && len(payload) == 1 && payload[0] == 3,
			kind == kindFlag && flagOf(payload) == flagTerminate:
			cancel(errClient)
			return
		}
	}
}

// mouth is a program's output.
type mouth struct {
	t    *talk
	ctx  context.Context //nolint:containedctx // io.Writer has none
	kind Kind
	one  *sync.Mutex // both mouths of a program write one tape
}

var _ io.Writer = (*mouth)(nil)

// Write sends it.
func (m *mouth) Write(p []byte) (int, error) {
	m.one.Lock()
	defer m.one.Unlock()
	said := append([]byte{}, p...)
	m.t.tape.write(said)
	if err := m.t.say(m.ctx, m.kind, said); err != nil {
		return 0, errors.Join(errors.New("the session is over"), err)
	}
	return len(p), nil
}
