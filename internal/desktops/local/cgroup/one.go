package cgroup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// The file of version 1's freezer and what is in it (kernel documentation,
// "Cgroup Freezer").
const (
	stateFile = "freezer.state"
	frozen    = "FROZEN"
	thawed    = "THAWED"
)

// freezeOne freezes with version 1. The kernel tells nobody when it is done: the
// state is looked at again until all have stopped.
func (g Group) freezeOne(ctx context.Context) error {
	file := filepath.Join(g.home(), stateFile)
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	for {
		if err := os.WriteFile(file, []byte(frozen), 0o644); err != nil {
			return fmt.Errorf("freeze %s: %w", g.path, err)
		}
		text, err := os.ReadFile(file)
		if err == nil && strings.TrimSpace(string(text)) == frozen {
			return nil
		}
		if err != nil {
			return errors.Join(err, g.Thaw())
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("freeze %s: %w", g.path, ctx.Err()), g.Thaw())
		}
	}
}

// killOne ends every process with version 1: frozen they make no others, and what
// was killed ends when it is thawed. What slipped through is killed in the next
// round.
func (g Group) killOne(ctx context.Context) error {
	for {
		err := os.WriteFile(filepath.Join(g.home(), stateFile), []byte(frozen), 0o644)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("freeze %s to end it: %w", g.path, err)
		}
		pids, err := g.Processes()
		held := holdAll(pids)
		err = errors.Join(err, g.Thaw(), held.wait(ctx))
		held.close()
		if err != nil {
			return fmt.Errorf("kill the processes of %s: %w", g.path, err)
		}
		if len(pids) == 0 {
			return nil
		}
	}
}

// ending are descriptors of processes that were killed.
type ending []int

// holdAll kills processes and holds them. The number of one that ended meanwhile
// may be another's: only one that is still in the group could be in the list, and
// a frozen one does not end.
func holdAll(pids []int) ending {
	var out ending
	for _, pid := range pids {
		fd, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			continue // it ended
		}
		_ = unix.PidfdSendSignal(fd, unix.SIGKILL, nil, 0)
		out = append(out, fd)
	}
	return out
}

// wait waits until all have ended: each descriptor is readable then.
func (e ending) wait(ctx context.Context) error {
	const turn = 100 // milliseconds after which the context is asked
	for _, fd := range e {
		one := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		for {
			n, err := unix.Poll(one, turn)
			if err != nil && !errors.Is(err, unix.EINTR) {
				return err
			}
			if n > 0 {
				break
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return nil
}

func (e ending) close() {
	for _, fd := range e {
		_ = unix.Close(fd)
	}
}
