package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// memory is what each desktop takes: what its control group is charged for
// (RSS), and its share of the machine (PSS: shared pages divided by their
// users), agent included.
func memory(ctx context.Context, p *plane) ([]figure, error) {
	all, err := p.available(ctx)
	if err != nil {
		return nil, err
	}
	charged := figure{name: "memory of a desktop, charged", must: "(65 MB)", unit: "MB", note: "RSS of its memory cgroup, agent included"}
	share := figure{name: "memory of a desktop, share of the machine", unit: "MB", note: "PSS of all its processes"}
	for _, w := range all {
		rss, pss, err := held(*w.WorkspaceId)
		if err != nil {
			return nil, err
		}
		charged.values = append(charged.values, rss/1e6)
		share.values = append(share.values, pss/1e6)
	}
	return []figure{charged, share}, nil
}

// held is the memory of a desktop in bytes: what its control group is charged
// for, and the share of its processes.
func held(id string) (rss, pss float64, err error) {
	group, err := cgroup(id, "memory.stat")
	if err != nil {
		return 0, 0, err
	}
	if rss, err = chargedBytes(group); err != nil {
		return 0, 0, err
	}
	pss, err = sharedBytes(group)
	return rss, pss, err
}

// cgroup finds the control group of a desktop that has a file, in version 1 or
// 2: the folder that bears its id.
func cgroup(id, file string) (string, error) {
	found := ""
	err := filepath.WalkDir("/sys/fs/cgroup", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || found != "" {
			return nil //nolint:nilerr // groups come and go while we look
		}
		if strings.Contains(filepath.Base(path), id) {
			if _, err := os.Stat(filepath.Join(path, file)); err == nil {
				found = path
			}
		}
		return nil
	})
	if found == "" {
		return "", errors.Join(err, fmt.Errorf("no cgroup of %s with %s", id, file))
	}
	return found, nil
}

// chargedBytes is total_rss of cgroup v1, anon of v2.
func chargedBytes(group string) (float64, error) {
	b, err := os.ReadFile(filepath.Join(group, "memory.stat"))
	if err != nil {
		return 0, err
	}
	for _, name := range []string{"total_rss", "anon"} {
		for line := range strings.Lines(string(b)) {
			var n float64
			if _, err := fmt.Sscanf(line, name+" %f", &n); err == nil {
				return n, nil
			}
		}
	}
	return 0, fmt.Errorf("%s/memory.stat has neither total_rss nor anon", group)
}

func sharedBytes(group string) (float64, error) {
	var sum float64
	err := filepath.WalkDir(group, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "cgroup.procs" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for pid := range strings.FieldsSeq(string(b)) {
			sum += pss(pid)
		}
		return nil
	})
	return sum, err
}

// pss is 0 for a process that has ended meanwhile.
func pss(pid string) float64 {
	b, err := os.ReadFile("/proc/" + pid + "/smaps_rollup")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "Pss: %f kB", &kb); err == nil {
			return kb * 1024
		}
	}
	return 0
}
