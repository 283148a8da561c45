package cgroup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Freeze stops every process of the group where it is and returns when all
// have stopped. If it fails nothing stays frozen.
func (g Group) Freeze(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, frozenWithin)
	defer cancel()
	if g.layout.Unified == "" {
		return g.freezeOne(ctx)
	}
	if err := os.WriteFile(filepath.Join(g.home(), "cgroup.freeze"), []byte("1"), 0o644); err != nil {
		return fmt.Errorf("freeze %s: %w", g.path, err)
	}
	if err := waitFor(ctx, filepath.Join(g.home(), "cgroup.events"), "frozen 1"); err != nil {
		return errors.Join(err, g.Thaw())
	}
	return nil
}

// frozenWithin is how long a process may stay in a call of the kernel that
// cannot be interrupted.
const frozenWithin = 10 * time.Second

// Thaw lets the processes go on; a group that is not frozen, or not there, is
// no error.
func (g Group) Thaw() error {
	file, value := "cgroup.freeze", "0"
	if g.layout.Unified == "" {
		file, value = stateFile, thawed
	}
	err := os.WriteFile(filepath.Join(g.home(), file), []byte(value), 0o644)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("thaw %s: %w", g.path, err)
	}
	return nil
}

// CPUTime is the processor time that the group has used. Version 2 counts it
// without any controller, alone and beside version 1.
func (g Group) CPUTime() (time.Duration, error) {
	if g.layout.Unified == "" {
		text, err := os.ReadFile(filepath.Join(g.layout.Controllers["cpuacct"], g.path, "cpuacct.usage"))
		if err != nil {
			return 0, err
		}
		nanos, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		return time.Duration(nanos), err
	}
	micros, err := g.counter(g.layout.Unified, "cpu.stat", "usage_usec")
	return time.Duration(micros) * time.Microsecond, err
}
