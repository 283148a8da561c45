// Package cgroup limits and counts the processes of a desktop. It knows the
// hybrid layout: the version 1 controllers cpu, memory and pids mounted apart,
// and a version 2 hierarchy mounted beside them, which ends a whole group at
// once (kernel documentation, "Control Group v2": cgroup.kill, cgroup.events).
package cgroup

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Layout says where the hierarchies of this machine are mounted.
type Layout struct {
	Controllers map[string]string // version 1: controller -> mount point
	Unified     string            // version 2: mount point
}

// ErrLayout reports a machine whose cgroups are laid out in a way that this
// package does not know.
var ErrLayout = errors.New("this layout of cgroups is not supported")

// used are the version 1 controllers into which desktops are put when they are
// mounted; the first three are required.
var used = []string{"cpu", "memory", "pids", "cpuacct", "freezer"}

// Detect reads the layout of this machine.
func Detect() (Layout, error) {
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return Layout{}, err
	}
	defer f.Close()
	return Parse(f)
}

// Parse finds the layout in the text of a mountinfo file (proc(5)).
func Parse(mountinfo io.Reader) (Layout, error) {
	l := Layout{Controllers: map[string]string{}}
	lines := bufio.NewScanner(mountinfo)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		left, right, ok := strings.Cut(lines.Text(), " - ")
		before, after := strings.Fields(left), strings.Fields(right)
		if !ok || len(before) < 5 || len(after) < 3 {
			continue
		}
		switch after[0] {
		case "cgroup2":
			l.Unified = before[4]
		case "cgroup":
			for option := range strings.SplitSeq(after[2], ",") {
				if slices.Contains(used, option) {
					l.Controllers[option] = before[4]
				}
			}
		}
	}
	if err := lines.Err(); err != nil {
		return Layout{}, err
	}
	return l, l.check()
}

func (l Layout) check() error {
	const wanted = "local desktops need the hybrid layout, with the version 1 controllers cpu, memory and pids mounted and a version 2 hierarchy beside them"
	switch {
	case len(l.Controllers) == 0 && l.Unified == "":
		return fmt.Errorf("%w: none is mounted; %s", ErrLayout, wanted)
	case len(l.Controllers) == 0:
		return fmt.Errorf("%w: version 2 only, at %s; %s (boot with systemd.unified_cgroup_hierarchy=0)", ErrLayout, l.Unified, wanted)
	case l.Unified == "":
		return fmt.Errorf("%w: version 1 only; %s", ErrLayout, wanted)
	}
	for _, c := range used[:3] {
		if l.Controllers[c] == "" {
			return fmt.Errorf("%w: version 1 without the controller %s; %s", ErrLayout, c, wanted)
		}
	}
	return nil
}

// Group is the cgroup of one desktop: the same path in every hierarchy.
type Group struct {
	layout Layout
	path   string
}

// Group names a group; path is relative, such as tm1a2b3c/ws-0123456789.
func (l Layout) Group(path string) Group { return Group{layout: l, path: path} }

// Path is the group's path below each mount point, as /proc/<pid>/cgroup shows it.
func (g Group) Path() string { return "/" + g.path }

// Limits are what a desktop may use.
type Limits struct {
	CPUs        float64 // cores' worth of time
	MemoryBytes int64
	Processes   int
}

// period is the time over which a CPU quota counts, in microseconds.
const period = 100_000

// folders are the group's folders, one a hierarchy, the unified one first.
func (g Group) folders() []string {
	out := []string{filepath.Join(g.layout.Unified, g.path)}
	for _, c := range used {
		mount := g.layout.Controllers[c]
		folder := filepath.Join(mount, g.path)
		if mount != "" && !slices.Contains(out, folder) { // cpu and cpuacct may be one hierarchy
			out = append(out, folder)
		}
	}
	return out
}

// Make makes the group, or finds it, and sets its limits.
func (g Group) Make(limits Limits) error {
	for _, folder := range g.folders() {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	for _, set := range []struct{ controller, file, value string }{
		{"cpu", "cpu.cfs_period_us", strconv.Itoa(period)},
		{"cpu", "cpu.cfs_quota_us", strconv.Itoa(int(limits.CPUs * period))},
		{"memory", "memory.limit_in_bytes", strconv.FormatInt(limits.MemoryBytes, 10)},
		{"pids", "pids.max", strconv.Itoa(limits.Processes)},
	} {
		file := filepath.Join(g.layout.Controllers[set.controller], g.path, set.file)
		if err := os.WriteFile(file, []byte(set.value), 0o644); err != nil {
			return fmt.Errorf("limit %s to %s: %w", set.file, set.value, err)
		}
	}
	return nil
}

// Doors are the files into which a process writes 0 to join the group.
func (g Group) Doors() []string {
	out := g.folders()
	for i := range out {
		out[i] = filepath.Join(out[i], "cgroup.procs")
	}
	return out
}

// Processes lists the processes in the group; none if there is no group.
func (g Group) Processes() ([]int, error) {
	text, err := os.ReadFile(filepath.Join(g.folders()[0], "cgroup.procs"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var pids []int
	for line := range strings.FieldsSeq(string(text)) {
		pid, err := strconv.Atoi(line)
		if err != nil {
			return nil, err
		}
		pids = append(pids, pid)
	}
	return pids, nil
}

// MemoryBytes is what the group's processes are charged with, without the page
// cache: the counter rss of memory.stat.
func (g Group) MemoryBytes() (int64, error) {
	return g.counter("memory.stat", "total_rss")
}

// OOMKills counts the processes that were ended for want of memory.
func (g Group) OOMKills() (int64, error) {
	return g.counter("memory.oom_control", "oom_kill")
}

func (g Group) counter(file, key string) (int64, error) {
	text, err := os.ReadFile(filepath.Join(g.layout.Controllers["memory"], g.path, file))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(strings.TrimSpace(line), " "); name == key {
			return strconv.ParseInt(value, 10, 64)
		}
	}
	return 0, fmt.Errorf("no counter %s in %s", key, file)
}
