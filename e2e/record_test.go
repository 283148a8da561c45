package e2e

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// called notes a command of the CLI that succeeded.
func (p *plane) called(args []string) {
	if len(args) > 1 {
		p.calls[args[0]+" "+args[1]]++
	}
}

func wordCommands(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: commands N")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	calls := planeOf(ts).calls
	if len(calls) < want {
		ts.Fatalf("%d different commands so far, want %d:\n%s", len(calls), want, strings.Join(slices.Sorted(maps.Keys(calls)), "\n"))
	}
	ts.Logf("%d different commands of the AWS CLI", len(calls))
}

// wordRecorded compares without case and dashes: list-mfa-devices is
// ListMFADevices.
func wordRecorded(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: recorded FILE [BUT...]")
	}
	seen := map[string]int{}
	for name := range strings.FieldsSeq(ts.ReadFile(args[0])) {
		seen[strings.ToLower(name)]++
	}
	calls := planeOf(ts).calls
	for _, call := range slices.Sorted(maps.Keys(calls)) {
		if slices.ContainsFunc(args[1:], func(but string) bool { return strings.HasPrefix(call+" ", but+" ") }) {
			continue
		}
		_, command, _ := strings.Cut(call, " ")
		if got := seen[strings.ReplaceAll(command, "-", "")]; got < calls[call] {
			ts.Fatalf("aws %s was called %d times, the trail has %d events of it:\n%s", call, calls[call], got, ts.ReadFile(args[0]))
		}
	}
}
