// Package cgroup limits and counts the processes of a desktop. It knows three
// layouts: version 2 alone, which systemd sets up today; the hybrid one, with
// the version 1 controllers cpu, memory and pids mounted apart and a version 2
// hierarchy beside them; and version 1 alone. Where version 2 is, it ends and
// freezes a whole group at once (kernel documentation, "Control Group v2":
// cgroup.kill, cgroup.freeze, cgroup.events); version 1 has its freezer for that.
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

	"golang.org/x/sys/unix"
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
// mounted; the first three are required, the others where version 2 is not.
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
	const wanted = "local desktops need version 2 with its controllers cpu, memory and pids, or version 1 with these and either a version 2 hierarchy beside them or cpuacct and freezer"
	switch {
	case len(l.Controllers) == 0 && l.Unified == "":
		return fmt.Errorf("%w: none is mounted; %s", ErrLayout, wanted)
	case len(l.Controllers) == 0:
		return l.checkUnified(wanted)
	}
	needed := used[:3]
	if l.Unified == "" {
		needed = used
	}
	for _, c := range needed {
		if l.Controllers[c] == "" {
			return fmt.Errorf("%w: version 1 without the controller %s; %s", ErrLayout, c, wanted)
		}
	}
	return nil
}

// checkUnified wants the controllers that version 2 offers at its root.
func (l Layout) checkUnified(wanted string) error {
	text, err := os.ReadFile(filepath.Join(l.Unified, "cgroup.controllers"))
	if err != nil {
		return fmt.Errorf("%w: version 2 only, at %s: %w", ErrLayout, l.Unified, err)
	}
	for _, c := range used[:3] {
		if !slices.Contains(strings.Fields(string(text)), c) {
			return fmt.Errorf("%w: version 2 only, at %s, without the controller %s; %s", ErrLayout, l.Unified, c, wanted)
		}
	}
	return nil
}

// unifiedOnly tells whether version 2 has the controllers too.
func (l Layout) unifiedOnly() bool { return len(l.Controllers) == 0 }

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

// home is the folder of the hierarchy that tells who is in the group, and that
// ends and freezes it.
func (g Group) home() string {
	if g.layout.Unified == "" {
		return filepath.Join(g.layout.Controllers["freezer"], g.path)
	}
	return filepath.Join(g.layout.Unified, g.path)
}

// folders are the group's folders, one a hierarchy, its home first.
func (g Group) folders() []string {
	out := []string{g.home()}
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
	if g.layout.unifiedOnly() {
		if err := g.delegate(); err != nil {
			return err
		}
	}
	for _, set := range g.settings(limits) {
		err := os.WriteFile(set.file, []byte(set.value), 0o644)
		if set.optional && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)) {
			continue // there is no such file, nor may one be made in a cgroup
		}
		if err != nil {
			return fmt.Errorf("limit %s to %s: %w", filepath.Base(set.file), set.value, err)
		}
	}
	return nil
}

// setting is a value for one of a group's files. The kernel has those for swap
// only where it counts swap.
type setting struct {
	file, value string
	optional    bool
}

func (g Group) settings(limits Limits) []setting {
	quota := strconv.Itoa(int(limits.CPUs * period))
	memory, processes := strconv.FormatInt(limits.MemoryBytes, 10), strconv.Itoa(limits.Processes)
	if g.layout.unifiedOnly() {
		of := func(file, value string) setting { return setting{file: filepath.Join(g.home(), file), value: value} }
		swap := of("memory.swap.max", "0")
		swap.optional = true
		return []setting{of("cpu.max", quota+" "+strconv.Itoa(period)), of("memory.max", memory), swap, of("pids.max", processes)}
	}
	of := func(controller, file, value string) setting {
		return setting{file: filepath.Join(g.layout.Controllers[controller], g.path, file), value: value}
	}
	// Memory and swap together are never less than memory alone, so they go out
	// of the way first; afterwards they are the same, which leaves no swap.
	away, same := of("memory", "memory.memsw.limit_in_bytes", "-1"), of("memory", "memory.memsw.limit_in_bytes", memory)
	away.optional, same.optional = true, true
	return []setting{
		of("cpu", "cpu.cfs_period_us", strconv.Itoa(period)),
		of("cpu", "cpu.cfs_quota_us", quota),
		away, of("memory", "memory.limit_in_bytes", memory), same,
		of("pids", "pids.max", processes),
	}
}

// delegate hands the controllers down to the group, from the root of version 2
// on: a group has the controllers that its parent's cgroup.subtree_control
// names. The parents hold no processes of their own, as version 2 demands.
func (g Group) delegate() error {
	at := g.layout.Unified
	for name := range strings.SplitSeq(g.path, "/") {
		err := handDown(at)
		if errors.Is(err, unix.EBUSY) && at == g.layout.Unified {
			err = errors.Join(vacate(at), handDown(at))
		}
		if err != nil {
			return fmt.Errorf("hand controllers down from %s: %w", at, err)
		}
		at = filepath.Join(at, name)
	}
	return nil
}

func handDown(from string) error {
	return os.WriteFile(filepath.Join(from, "cgroup.subtree_control"), []byte("+cpu +memory +pids"), 0o644)
}

// vacate moves the processes out of the root of a cgroup namespace, where a plane
// in a container finds itself: only the machine's own root may hold processes and
// hand controllers down.
func vacate(root string) error {
	aside := filepath.Join(root, "tamachi-host")
	if err := os.MkdirAll(aside, 0o755); err != nil {
		return err
	}
	pids, err := processesIn(root)
	if err != nil {
		return err
	}
	for _, pid := range pids {
		err := os.WriteFile(filepath.Join(aside, "cgroup.procs"), []byte(strconv.Itoa(pid)), 0o644)
		if err != nil && !errors.Is(err, unix.ESRCH) { // it ended
			return fmt.Errorf("move process %d out of the root of the cgroups: %w", pid, err)
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
func (g Group) Processes() ([]int, error) { return processesIn(g.home()) }

func processesIn(folder string) ([]int, error) {
	text, err := os.ReadFile(filepath.Join(folder, "cgroup.procs"))
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
// cache: total_rss of version 1, anon of version 2.
func (g Group) MemoryBytes() (int64, error) {
	if g.layout.unifiedOnly() {
		return g.counter(g.layout.Unified, "memory.stat", "anon")
	}
	return g.counter(g.layout.Controllers["memory"], "memory.stat", "total_rss")
}

// OOMKills counts the processes that were ended for want of memory.
func (g Group) OOMKills() (int64, error) {
	if g.layout.unifiedOnly() {
		return g.counter(g.layout.Unified, "memory.events", "oom_kill")
	}
	return g.counter(g.layout.Controllers["memory"], "memory.oom_control", "oom_kill")
}

func (g Group) counter(mount, file, key string) (int64, error) {
	text, err := os.ReadFile(filepath.Join(mount, g.path, file))
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
