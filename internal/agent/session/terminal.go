package session

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// shell is what a session of type Standard_Stream runs.
	shell = "/bin/sh"
	// piece is how much a terminal's output is cut into. Plugins take any
	// size; this is about what a terminal gives at once.
	piece = 16 << 10
	// leftBehind is how long output of programs that outlive the session's own
	// is waited for.
	leftBehind = 200 * time.Millisecond
)

// runTerminal runs a shell, or the command of an interactive document, on a
// terminal.
func (t *talk) runTerminal(ctx context.Context) error {
	words, elevated := []string{shell}, false
	if t.order.Type == typeInteractive {
		c, err := t.order.command()
		if err != nil {
			return err
		}
		if words, err = split(c.Text); err != nil {
			return err
		}
		elevated = c.Elevated
	}
	own, err := t.order.whose(elevated)
	if err != nil {
		return err
	}
	master, slave, err := openTerminal(own)
	if err != nil {
		return err
	}
	defer master.Close()
	cmd := exec.Command(words[0], words[1:]...) //nolint:noctx // it is ended with its terminal, below
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.Env = own.environment(t.o.Environment, "TERM=xterm-256color", "AWS_SSM_INSTANCE_ID="+t.o.Node, "AWS_SSM_REGION_NAME="+t.o.Region)
	cmd.Dir = own.folder()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Credential: own.credential}
	err = cmd.Start()
	slave.Close()
	if err != nil {
		return fmt.Errorf("start %s: %w", words[0], err)
	}
	if profile := t.order.Inputs.Profile.Linux; profile != "" && t.order.Type == typeShell {
		if _, err := master.WriteString(profile + "\n"); err != nil {
			return err
		}
	}
	return t.attend(ctx, cmd, master)
}

// attend carries bytes between a client and a terminal until the program ends,
// or the session.
func (t *talk) attend(ctx context.Context, cmd *exec.Cmd, master *os.File) error {
	var work sync.WaitGroup
	gone := make(chan struct{})
	ended := func() error {
		err := cmd.Wait()
		close(gone)
		// Programs in the background may hold the terminal.
		time.AfterFunc(leftBehind, func() {
			_ = master.SetReadDeadline(time.Unix(1, 0)) // it may be closed
		})
		return err
	}
	said := make(chan struct{})
	work.Go(func() {
		defer close(said)
		t.sayTerminal(ctx, master)
	})
	typed := make(chan error, 1)
	go func() { // it ends with the stream, which outlives this
		typed <- t.typeInto(ctx, master)
	}()
	over := make(chan error, 1)
	work.Go(func() { over <- ended() })
	var err error
	select {
	case <-gone:
	case err = <-typed:
		hangUp(cmd, master, gone)
	case <-ctx.Done():
		err = context.Cause(ctx)
		hangUp(cmd, master, gone)
	}
	<-said
	work.Wait()
	if exit := (*exec.ExitError)(nil); err == nil && !errors.As(<-over, &exit) {
		return nil
	}
	return err
}

// hangUp ends the programs of a terminal: they are told, then ended.
func hangUp(cmd *exec.Cmd, master *os.File, gone chan struct{}) {
	master.Close()
	late := time.NewTimer(2 * time.Second)
	defer late.Stop()
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGHUP) // it may have ended
	select {
	case <-gone:
	case <-late.C:
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // as above
		<-gone
	}
}

// sayTerminal sends what a terminal shows.
func (t *talk) sayTerminal(ctx context.Context, master *os.File) {
	buffer := make([]byte, piece)
	for {
		n, err := master.Read(buffer)
		if n > 0 && t.show(ctx, buffer[:n]) != nil {
			return
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			t.sayRest(ctx, master, buffer)
			return
		}
		if err != nil {
			return // EIO when the last program has closed its side
		}
	}
}

// sayRest sends what the terminal holds when its program has ended: all of it
// came from there when this machine is slow.
func (t *talk) sayRest(ctx context.Context, master *os.File, buffer []byte) {
	const most = 1 << 20 // programs in the background may go on and on
	for sent := 0; sent < most; {
		n := 0
		err := onDescriptor(master, func(fd int) (err error) {
			n, err = unix.Read(fd, buffer)
			return err
		})
		if err != nil || n <= 0 || t.show(ctx, buffer[:n]) != nil {
			return // EAGAIN or EIO: that was all
		}
		sent += n
	}
}

// show sends what a terminal has shown, and records it.
func (t *talk) show(ctx context.Context, b []byte) error {
	shown := bytes.Clone(b)
	t.tape.write(shown)
	return t.say(ctx, kindOutput, shown)
}

// typeInto types what the client sends, until the client or the session ends.
func (t *talk) typeInto(ctx context.Context, master *os.File) error {
	for {
		kind, payload, err := t.hear(ctx)
		if err != nil {
			return err
		}
		switch kind {
		case kindOutput:
			if _, err := master.Write(payload); err != nil {
				return nil //nolint:nilerr // the program has ended, which somebody else sees
			}
		case kindSize:
			var size struct {
				Cols uint32 `json:"cols"`
				Rows uint32 `json:"rows"`
			}
			if json.Unmarshal(payload, &size) == nil {
				_ = resize(master, size.Cols, size.Rows) // a wrong size is no reason to end
			}
		case kindFlag:
			if flagOf(payload) == flagTerminate {
				return errClient
			}
		}
	}
}

// flagOf reads a flag; 0 is none.
func flagOf(payload []byte) uint32 {
	if len(payload) < 4 {
		return 0
	}
	return binary.BigEndian.Uint32(payload)
}
