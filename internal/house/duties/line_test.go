package duties

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tamachi/internal/desk/linetest"
)

const seats = 55 // three pages

// drawn is what differs from run to run: ids of plans, and the line's port.
var drawn = regexp.MustCompile(`\bp-[0-9a-f]{10,}|127\.0\.0\.1:\d+`)

func profile(fault linetest.Fault) string { return strings.ReplaceAll("line "+string(fault), " ", "-") }

// options are those of every duty.
func options(fault linetest.Fault) []string {
	return append([]string{"--profile", profile(fault)}, patience(fault)...)
}

// patience is given up only with a line that never answers, and not so soon that a
// busy machine, on which all duties run side by side, seems silent too.
func patience(fault linetest.Fault) []string {
	if fault != linetest.Silent {
		return nil
	}
	return []string{"--call-timeout", "4s"}
}

// TestEachDuty has parts side by side: they wait for what their lines keep from
// them, not for the processor. Their profiles have names of their own.
func TestEachDuty(t *testing.T) {
	p := configure(t)
	probing := slices.DeleteFunc(slices.Clone(reads), func(d duty) bool { return !d.probes() })
	quiet := slices.DeleteFunc(slices.Clone(reads), duty.probes)
	for _, part := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"changes over a bad line", func(t *testing.T) { changesOverABadLine(t, p) }},
		{"morning's repair over a bad line", func(t *testing.T) { repairsOverABadLine(t, p, wholes[0]) }},
		{"outage's repair over a bad line", func(t *testing.T) { repairsOverABadLine(t, p, wholes[1]) }},
		{"reads over a bad line", func(t *testing.T) { dutiesOverABadLine(t, p, seats, quiet) }},
		// What they have a node do, others would tell of.
		{"reads that ask a node, over a bad line", func(t *testing.T) { dutiesOverABadLine(t, p, 4, probing) }},
		{"rate", func(t *testing.T) { theRateHoldsForAll(t, p) }},
		{"reads with their policies", func(t *testing.T) { readsWithTheirPolicies(t, p) }},
		{"changes with their policies", func(t *testing.T) { changesWithTheirPolicies(t, p) }},
		{"Ctrl-C in changes", func(t *testing.T) { ctrlCInEachChange(t, p) }},
		{"undo of changes", func(t *testing.T) { undoOfEachChange(t, p) }},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.run(t)
		})
	}
}

// Over a bad line the duties say the same as over a good one, or that they could
// not know; never something else, and never nothing for ever.
func dutiesOverABadLine(t *testing.T, p *profiles, seats int, reads []duty) {
	f := open(t, seats)
	keys, err := f.Config().Credentials.Retrieve(t.Context())
	f.must(keys, err)
	for _, fault := range append([]linetest.Fault{linetest.None}, linetest.All...) {
		// Each duty meets a line of its own, as calls are counted by operation.
		for _, d := range reads {
			line := linetest.Between(t, *f.Config().BaseEndpoint, fault)
			p.add(profile(fault)+"-"+strings.ReplaceAll(d.name, " ", "-"), keys, f.Config().Region, line.URL)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	run := func(d duty, fault linetest.Fault) said {
		o := options(fault)
		o[1] += "-" + strings.ReplaceAll(d.name, " ", "-")
		s := terminal(t, f.at).run(ctx, append(d.args(f), o...)...)
		s.out = strings.ReplaceAll(drawn.ReplaceAllString(s.out, "..."), o[1], "line")
		return s
	}
	good := make([]said, len(reads))
	for i, d := range reads {
		if good[i] = run(d, linetest.None); good[i].errs != "" || good[i].out == "" || good[i].code > 1 {
			t.Errorf("%s over a clean line: %s", d.name, good[i])
		}
	}
	bad := make([][]said, len(reads))
	var all sync.WaitGroup
	for i, d := range reads {
		bad[i] = make([]said, len(linetest.All))
		for k, fault := range linetest.All {
			all.Go(func() { bad[i][k] = run(d, fault) })
		}
	}
	all.Wait()
	for i, d := range reads {
		for k, fault := range linetest.All {
			t.Run(d.name+", the line "+string(fault), func(t *testing.T) {
				got := bad[i][k]
				switch circled := strings.Contains(got.out+got.errs, "lead in a circle"); {
				case fault == linetest.Circle && d.pages:
					if got.code != 1 || !circled {
						t.Errorf("want exit 1 and the reason, got %s", got)
					}
				case fault == linetest.Circle && circled:
				case got.code != good[i].code || got.out != good[i].out:
					t.Errorf("want\n%s\ngot\n%s", good[i], got)
				}
			})
		}
	}
}
