package cgroup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Freeze stops every process of the group where it is and returns when all
// have stopped (kernel documentation, "Control Group v2": cgroup.freeze). Both
// layouts have version 2 for it. If it fails nothing stays frozen.
func (g Group) Freeze(ctx context.Context) error {
	folder := g.folders()[0]
	if err := os.WriteFile(filepath.Join(folder, "cgroup.freeze"), []byte("1"), 0o644); err != nil {
		return fmt.Errorf("freeze %s: %w", g.path, err)
	}
	ctx, cancel := context.WithTimeout(ctx, frozenWithin)
	defer cancel()
	if err := waitFor(ctx, filepath.Join(folder, "cgroup.events"), "frozen 1"); err != nil {
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
	err := os.WriteFile(filepath.Join(g.folders()[0], "cgroup.freeze"), []byte("0"), 0o644)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("thaw %s: %w", g.path, err)
	}
	return nil
}

// CPUTime is the processor time that the group has used. Version 2 counts it
// without any controller, in both layouts.
func (g Group) CPUTime() (time.Duration, error) {
	micros, err := g.counter(g.layout.Unified, "cpu.stat", "usage_usec")
	return time.Duration(micros) * time.Microsecond, err
}
