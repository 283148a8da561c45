// Package rate reads MaxConcurrency and MaxErrors: how many nodes may run
// something at the same time, and after how many errors no further node is
// tried. Both are a number, or a percentage of the targets.
//
// A percentage of concurrency is rounded up, so that some node always has its
// turn; one of errors is rounded down: of 50 targets, 10% allows five errors
// and the sixth stops. Sources: Systems Manager API Reference,
// CreateAssociation, and User Guide, "Run commands at scale".
package rate

import (
	"fmt"
	"strconv"
	"strings"
)

// Limit is a number or a percentage of targets. The zero Limit is the number 0.
type Limit struct {
	n       int
	percent bool
}

// mostDigits is how long the model lets either value be, so that none
// overflows.
const mostDigits = 7

// Concurrency reads a MaxConcurrency: "10" or "10%", at least one.
func Concurrency(s string) (Limit, error) {
	l, err := read(s)
	if err == nil && l.n == 0 {
		err = fmt.Errorf("MaxConcurrency %q lets no node run anything", s)
	}
	return l, err
}

// Errors reads a MaxErrors: "0", "10" or "10%".
func Errors(s string) (Limit, error) { return read(s) }

func read(s string) (Limit, error) {
	digits, percent := strings.CutSuffix(s, "%")
	bad := fmt.Errorf("%q is no number and no percentage from 0%% to 100%%", s)
	if digits == "" || len(s) > mostDigits || (len(digits) > 1 && digits[0] == '0') {
		return Limit{}, bad
	}
	for _, d := range digits {
		if d < '0' || d > '9' {
			return Limit{}, bad
		}
	}
	n, err := strconv.Atoi(digits)
	if err != nil || (percent && n > 100) {
		return Limit{}, bad
	}
	return Limit{n: n, percent: percent}, nil
}

// String is the limit as it was written.
func (l Limit) String() string {
	if l.percent {
		return strconv.Itoa(l.n) + "%"
	}
	return strconv.Itoa(l.n)
}

// Concurrent is how many of so many targets may be under way at a time.
func (l Limit) Concurrent(targets int) int {
	if !l.percent {
		return max(1, l.n)
	}
	return max(1, (l.n*targets+99)/100)
}

// Allowed is how many of so many targets may fail without an end.
func (l Limit) Allowed(targets int) int {
	if !l.percent {
		return l.n
	}
	return l.n * targets / 100
}

// Exceeded tells whether so many errors are too many: no further target is
// tried then.
func (l Limit) Exceeded(errors, targets int) bool { return errors > l.Allowed(targets) }
