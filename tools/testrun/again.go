package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// mostAgain is how many failed tests one go test may try again: more than that
// is no matter of a busy machine.
const mostAgain = 3

// again tries the few tests that failed once more, each alone, and says so
// aloud: the transcripts drive real agents, browsers and desktops, and on a busy
// machine one of a thousand waits in vain. A panic, a data race or a package
// that does not build stays what it is (docs/decisions/0032).
func (r *run) again(w *watcher, flags []string, first error) error {
	left := 0
	for _, failed := range w.failed {
		left += len(leaves(failed))
	}
	if left == 0 || left > mostAgain || len(w.final) > 0 || len(w.unlisted) > 0 {
		return first
	}
	for _, name := range slices.Sorted(maps.Keys(w.failed)) {
		failed := w.failed[name]
		for _, test := range leaves(failed) {
			fmt.Printf("ATTENTION: %s %s failed; once more, alone\n", name, test)
			before := r.tests
			second, err := r.goTest([]string{name}, append(slices.Clone(flags), "-count=1", "-run="+only(test)))
			r.tests = before
			if err != nil || !slices.Contains(second.passed, test) {
				return first
			}
			r.wavering = append(r.wavering, name+" "+test)
		}
		r.tests.failed -= len(failed)
		r.tests.passed += len(failed)
	}
	return nil
}

// leaves are the tests among failed of which no subtest failed.
func leaves(failed []string) []string {
	return slices.DeleteFunc(slices.Clone(failed), func(name string) bool {
		return slices.ContainsFunc(failed, func(other string) bool { return strings.HasPrefix(other, name+"/") })
	})
}

// only is go test's -run for one test.
func only(test string) string {
	parts := strings.Split(test, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}
