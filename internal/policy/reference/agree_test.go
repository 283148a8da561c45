package reference_test

import (
	"flag"
	"math/rand/v2"
	"testing"

	"tamachi/internal/policy"
	"tamachi/internal/policy/cases"
	"tamachi/internal/policy/reference"
)

var (
	count = flag.Int("cases", 20_000, "how many random cases the two evaluators must agree on")
	seed  = flag.Uint64("seed", 0, "the first case's seed; 0 draws one")
)

// TestTheEvaluatorsAgree compares the compiled evaluator with the literal one.
func TestTheEvaluatorsAgree(t *testing.T) {
	first := *seed
	if first == 0 {
		first = rand.Uint64()
	}
	t.Logf("%d cases from -seed=%d on", *count, first)
	bad := 0
	for i := range uint64(*count) {
		c := cases.New(first + i).Case()
		p, err := c.Policies()
		if err != nil {
			t.Fatalf("seed %d: %v", first+i, err)
		}
		fast, slow := policy.Decide(&c.Request, p), reference.Decide(&c.Request, p)
		if plain(fast) == plain(slow) || (fast.Unknown != "" || slow.Unknown != "") && fast.Outcome == slow.Outcome {
			continue
		}
		t.Errorf("-seed=%d -cases=1: compiled %+v, literal %+v\n%s", first+i, fast, slow, c)
		if bad++; bad == 5 {
			t.FailNow()
		}
	}
}

// plain is a decision without the name of its own that the policy of a role has.
// Where something could not be evaluated and something else denies, either may be
// told.
func plain(d policy.Decision) policy.Decision {
	if d.By == policy.Trust {
		d.By = policy.ResourceBased
	}
	return d
}
