// Command testrun is what `make test` and `make check` do: all tests, then e2e
// with the checks beside it, then whether all of that tried every operation. It
// prints the time of each part and fails on any test that skips without being
// listed in .ci/skips.
//
//	testrun [part ...]    parts: check unit race e2e count; all of them by default
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"
)

// part is one thing to do; its error is one line, the details are printed.
type part struct {
	name   string
	do     func(*run) error
	beside string // another part, which leaves the processor idle for half its time; "" for one that goes alone
}

var parts = []part{{"check", check, "e2e"}, {"unit", unit, ""}, {"race", race, ""}, {"e2e", e2e, ""}, {"count", count, ""}}

// run is what the parts found so far.
type run struct {
	tests    tally
	skips    map[string]string // "package test" -> reason, from .ci/skips
	report   []string          // one line a part
	wavering []string          // "package test" that passed only when tried again
}

func main() {
	if err := os.Chdir(root()); err != nil {
		fail(err)
	}
	pastShims()
	shareObjects()
	r := &run{}
	var err error
	if r.skips, err = readSkips(".ci/skips"); err != nil {
		fail(err)
	}
	forget, err := openTally()
	if err != nil {
		fail(err)
	}
	cool, err := warmCLI()
	if err != nil {
		fmt.Println("ATTENTION:", err) // slower, no other difference
	}
	bad := false
	for _, some := range together(chosen(os.Args[1:])) {
		bad = r.all(some) || bad
	}
	fmt.Println("== times")
	for _, line := range r.report {
		fmt.Println(line)
	}
	if t := r.tests; t.passed+t.failed > 0 {
		fmt.Printf("%d passed, %d failed, %d skipped\n", t.passed, t.failed, t.skipped)
	}
	for _, test := range r.wavering {
		fmt.Println("ATTENTION: passed only when tried again, alone:", test)
	}
	forget()
	cool()
	if bad {
		os.Exit(1)
	}
}

// together groups parts: each with those that go beside it, where it goes at all.
func together(list []part) (groups [][]part) {
	for _, p := range list {
		if p.beside != "" && slices.ContainsFunc(list, func(other part) bool { return other.name == p.beside }) {
			continue
		}
		group := []part{p}
		for _, other := range list {
			if other.beside == p.name {
				group = append(group, other)
			}
		}
		groups = append(groups, group)
	}
	return groups
}

// all does parts at the same time, and tells whether one failed.
func (r *run) all(group []part) (bad bool) {
	var ended sync.WaitGroup
	lines, failed := make([]string, len(group)), make([]bool, len(group))
	for i, p := range group {
		fmt.Printf("== %s\n", p.name)
		ended.Go(func() {
			start, outcome := time.Now(), "ok"
			if err := p.do(r); err != nil {
				fmt.Printf("FAIL %s: %v\n", p.name, err)
				outcome, failed[i] = "FAIL", true
			}
			lines[i] = fmt.Sprintf("%-6s %-5s %6.1f s", p.name, outcome, time.Since(start).Seconds())
		})
	}
	ended.Wait()
	r.report = append(r.report, lines...)
	return slices.Contains(failed, true)
}

func chosen(names []string) []part {
	if len(names) == 0 {
		return parts
	}
	var out []part
	for _, n := range names {
		found := false
		for _, p := range parts {
			if p.name == n {
				out, found = append(out, p), true
			}
		}
		if !found {
			fail(fmt.Errorf("no part %q", n))
		}
	}
	return out
}

// root is the repository: the program may be started anywhere in it.
func root() string {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		fail(err)
	}
	return strings.TrimSuffix(strings.TrimSpace(string(out)), "/go.mod")
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "testrun:", err)
	os.Exit(2)
}

// sh runs a program with its output shown only when it fails.
func sh(name string, args ...string) error {
	var out bytes.Buffer
	c := exec.Command(name, args...)
	c.Stdout, c.Stderr = &out, &out
	if err := c.Run(); err != nil {
		os.Stdout.Write(out.Bytes())
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}

func output(name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return string(out), nil
}
