package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// tally counts tests that ended, subtests included.
type tally struct{ passed, failed, skipped int }

func (t *tally) add(u tally) {
	t.passed += u.passed
	t.failed += u.failed
	t.skipped += u.skipped
}

// event is a line of `go test -json` (go doc test2json).
type event struct {
	Action      string
	Package     string
	ImportPath  string
	Test        string
	Output      string
	Elapsed     float64
	FailedBuild string
}

// unit is every package that race and e2e do not take.
func unit(r *run) error {
	all, err := packages()
	if err != nil {
		return err
	}
	racy, err := withGoroutines(all)
	if err != nil {
		return err
	}
	return r.test(pick(all, func(p pkg) bool {
		return !p.e2e() && !slices.Contains(machine, p.ImportPath) && !slices.Contains(racy, p.ImportPath)
	}))
}

// race is every package that holds goroutines, under the race detector.
func race(r *run) error {
	all, err := packages()
	if err != nil {
		return err
	}
	racy, err := withGoroutines(all)
	if err != nil {
		return err
	}
	return r.test(racy, raced...)
}

// raced are go test's flags for the race detector. It does not look into
// SQLite, which is C translated to Go and seven times slower under it: tests
// over a plane spent most of their time there. Our own code, what it does with
// SQLite's answers, and package database/sql are watched.
var raced = []string{"-race", "-gcflags=modernc.org/...=-race=false"}

// e2e is slow and meets the machine: never cached, one package of a lane after
// the other. What waits for containers, desktops and browsers goes beside what
// waits for agents and sessions, and two cores have something to do.
func e2e(r *run) error {
	all, err := packages()
	if err != nil {
		return err
	}
	return r.beside(
		lane{[]string{local}, append([]string{"-count=1", "-timeout=20m"}, raced...)},
		lane{[]string{incus}, append([]string{"-count=1", "-timeout=20m", "-skip=" + absent()}, raced...)},
		// Three transcripts at once on two cores: many wait, for an agent, an idle
		// session, a desktop that stops.
		lane{pick(all, pkg.e2e), []string{"-count=1", "-p=1", fmt.Sprintf("-parallel=%d", runtime.NumCPU()+1), "-timeout=60m"}},
	)
}

// lane is one go test of several that go side by side.
type lane struct{ pkgs, flags []string }

// beside runs go test for all lanes at once. What failed is tried again when all
// of them are done, alone.
func (r *run) beside(lanes ...lane) error {
	runs := make([]run, len(lanes))
	seen := make([]*watcher, len(lanes))
	errs := make([]error, len(lanes))
	var all sync.WaitGroup
	for i, l := range lanes {
		runs[i].skips = r.skips
		all.Go(func() { seen[i], errs[i] = runs[i].goTest(l.pkgs, l.flags) })
	}
	all.Wait()
	for i, l := range lanes {
		r.tests.add(runs[i].tests)
		if errs[i] != nil && seen[i] != nil {
			errs[i] = r.again(seen[i], l.flags, errs[i])
		}
	}
	return errors.Join(errs...)
}

// test runs go test over packages and shows one line a package, and all that a
// failed test printed.
func (r *run) test(pkgs []string, flags ...string) error {
	return r.beside(lane{longFirst(pkgs), flags})
}

// goTest returns what it saw beside an error, unless it saw nothing.
func (r *run) goTest(pkgs, flags []string) (*watcher, error) {
	if len(pkgs) == 0 {
		return nil, errors.New("no packages to test")
	}
	// The linters of check vet everything once; go test would do it again, for
	// every dependency and once more for the race detector.
	args := append([]string{"test", "-json", "-vet=off"}, flags...)
	if os.Getenv("CI") != "" {
		args = append(args, "-count=1")
	}
	c := exec.Command("go", append(args, pkgs...)...)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	w := &watcher{run: r, said: map[string][]string{}, failed: map[string][]string{}}
	readErr := w.read(out)
	waitErr := c.Wait()
	if readErr != nil {
		return nil, readErr
	}
	if len(w.unlisted) > 0 {
		return w, fmt.Errorf("skipped without a reason in .ci/skips: %s", strings.Join(w.unlisted, ", "))
	}
	if waitErr != nil {
		return w, fmt.Errorf("go test: %w", waitErr)
	}
	return w, nil
}

// watcher follows one go test.
type watcher struct {
	*run
	said     map[string][]string // what a running test or package printed
	unlisted []string
	passed   []string            // tests
	failed   map[string][]string // tests of a package
	final    []string            // packages whose failure is not tried again
}

func (w *watcher) read(r io.Reader) error {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				os.Stdout.Write(line) // not an event: say it as it is
			} else {
				w.see(e)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (w *watcher) see(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		fmt.Print(e.Output)
	case "output":
		w.said[key] = append(w.said[key], e.Output)
		if strings.HasPrefix(e.Output, "panic: ") || strings.HasPrefix(e.Output, "WARNING: DATA RACE") {
			w.final = append(w.final, e.Package)
		}
	case "pass", "fail", "skip":
		if e.Test == "" {
			w.packageEnded(e)
		} else {
			w.testEnded(e, key)
		}
		delete(w.said, key)
	}
}

func (w *watcher) testEnded(e event, key string) {
	switch e.Action {
	case "pass":
		w.tests.passed++
		w.passed = append(w.passed, e.Test)
	case "fail":
		w.tests.failed++
		w.failed[e.Package] = append(w.failed[e.Package], e.Test)
		fmt.Print(strings.Join(w.said[key], ""))
	case "skip":
		w.tests.skipped++
		if _, ok := w.skips[key]; !ok {
			w.unlisted = append(w.unlisted, key)
			fmt.Print(strings.Join(w.said[key], ""))
		}
	}
}

func (w *watcher) packageEnded(e event) {
	if e.Action == "skip" { // no test files
		return
	}
	if e.Action == "fail" {
		// A panic or a time-out is said by the package, not by a test.
		fmt.Print(strings.Join(w.said[e.Package+" "], ""))
		for key, said := range w.said {
			if strings.HasPrefix(key, e.Package+" ") && key != e.Package+" " {
				fmt.Print(strings.Join(said, ""))
			}
		}
		if e.FailedBuild != "" {
			w.tests.failed++
		}
		if len(w.failed[e.Package]) == 0 {
			w.final = append(w.final, e.Package)
		}
	}
	fmt.Printf("%-4s %-50s %6.1f s\n", map[string]string{"pass": "ok", "fail": "FAIL"}[e.Action], e.Package, e.Elapsed)
}

// readSkips reads lines "package test reason".
func readSkips(path string) (map[string]string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	skips := map[string]string{}
	for n, line := range strings.Split(string(b), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.SplitN(line, " ", 3)
		if len(f) != 3 {
			return nil, fmt.Errorf("%s:%d: want package, test and reason", path, n+1)
		}
		skips[f[0]+" "+f[1]] = f[2]
	}
	return skips, nil
}
