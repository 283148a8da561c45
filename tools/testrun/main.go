// Command testrun is what `make test` and `make check` do: the checks, then all
// tests, then e2e, then whether all of that tried every operation. It prints the
// time of each part and fails on any test that skips without being listed in
// .ci/skips.
//
//	testrun [part ...]    parts: check unit race e2e count; all of them by default
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// part is one thing to do; its error is one line, the details are printed.
type part struct {
	name string
	do   func(*run) error
}

var parts = []part{{"check", check}, {"unit", unit}, {"race", race}, {"e2e", e2e}, {"count", count}}

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
	for _, p := range chosen(os.Args[1:]) {
		fmt.Printf("== %s\n", p.name)
		start := time.Now()
		outcome := "ok"
		if err := p.do(r); err != nil {
			fmt.Printf("FAIL %s: %v\n", p.name, err)
			outcome, bad = "FAIL", true
		}
		r.report = append(r.report, fmt.Sprintf("%-6s %-5s %6.1f s", p.name, outcome, time.Since(start).Seconds()))
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
