package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// figure is a row of the table.
type figure struct {
	name   string
	must   string // the limit, "" where there is none
	values []float64
	unit   string
	note   string
}

// millis makes a figure of durations.
func millis(name, must string, took []time.Duration, note string) figure {
	f := figure{name: name, must: must, unit: "ms", note: note}
	for _, d := range took {
		f.values = append(f.values, float64(d.Microseconds())/1000)
	}
	return f
}

// row prints the middle, the 95th of a hundred and the greatest.
func (f figure) row() string {
	v := slices.Sorted(slices.Values(f.values))
	if len(v) == 0 {
		return fmt.Sprintf("| %s | %s | – | – | – | 0 | %s |", f.name, f.must, f.note)
	}
	at := func(q float64) string {
		x := v[min(int(q*float64(len(v))), len(v)-1)]
		if x >= 100 {
			return fmt.Sprintf("%.0f %s", x, f.unit)
		}
		return fmt.Sprintf("%.1f %s", x, f.unit)
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %d | %s |", f.name, f.must, at(0.5), at(0.95), at(1), len(v), f.note)
}

// inTurn measures step by step, and prints each figure as soon as it is there.
func inTurn(ctx context.Context, steps ...func(context.Context) ([]figure, error)) (figures []figure, err error) {
	for _, step := range steps {
		got, err := step(ctx)
		figures = append(figures, got...)
		for _, f := range got {
			fmt.Fprintln(os.Stderr, f.row())
		}
		if err != nil {
			return figures, err
		}
	}
	return figures, nil
}

// write prints the table and puts it into out/figures.md.
func write(out string, figures []figure, s settings) error {
	var b strings.Builder
	fmt.Fprintf(&b, "| figure | must (aim) | p50 | p95 | max | n | how |\n|---|---|---|---|---|---|---|\n")
	for _, f := range figures {
		fmt.Fprintln(&b, f.row())
	}
	fmt.Fprintf(&b, "\nSettings: %s; image %s; %d desktop rounds, %d commands, load client %d connections for %d s.\n",
		machine(), s.image, s.rounds, s.commands, s.workers, s.seconds)
	fmt.Print(b.String())
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "figures.md"), []byte(b.String()), 0o644)
}

func machine() string {
	parts := []string{fmt.Sprintf("%d cores", runtime.NumCPU())}
	if b, err := os.ReadFile("/proc/meminfo"); err == nil {
		var kb int
		if _, err := fmt.Sscanf(string(b), "MemTotal: %d kB", &kb); err == nil {
			parts = append(parts, fmt.Sprintf("%d GiB memory", (kb+1<<19)>>20))
		}
	}
	for _, c := range [][]string{{"uname", "-sr"}, {"git", "describe", "--always", "--dirty"}} {
		if out, err := exec.CommandContext(context.Background(), c[0], c[1:]...).Output(); err == nil {
			parts = append(parts, strings.TrimSpace(string(out)))
		}
	}
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		parts = append(parts, "load at the end "+strings.Fields(string(b))[0])
	}
	return strings.Join(append(parts, runtime.Version(), time.Now().UTC().Format("2006-01-02")), ", ")
}
