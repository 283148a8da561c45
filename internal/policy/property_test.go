package policy_test

import (
	"math/rand/v2"
	"testing"

	"tamachi/internal/policy"
	"tamachi/internal/policy/cases"
)

// tried is how many random cases a property is tried on.
const tried = 1_000

// every runs a property on random cases and says which seed failed.
func every(t *testing.T, fn func(t *testing.T, s cases.Source, c *cases.Case, before policy.Decision)) map[policy.Outcome]int {
	t.Helper()
	first := rand.Uint64()
	met := map[policy.Outcome]int{}
	for i := range uint64(tried) {
		s := cases.New(first + i)
		c := s.Case()
		d := decide(t, c)
		met[d.Outcome]++
		fn(t, s, c, d)
		if t.Failed() {
			t.Fatalf("seed %d:\n%s%+v", first+i, c, d)
		}
	}
	return met
}

func decide(t *testing.T, c *cases.Case) policy.Decision {
	t.Helper()
	p, err := c.Policies()
	if err != nil {
		t.Fatal(err)
	}
	return policy.Decide(&c.Request, p)
}

func TestAddingADenyNeverAllows(t *testing.T) {
	met := every(t, func(t *testing.T, s cases.Source, c *cases.Case, before policy.Decision) {
		more := c.Clone()
		d := &more.Docs[s.IntN(len(more.Docs))]
		for _, other := range s.Case().Docs {
			if other.Type != d.Type || other.Type == policy.ResourceBased {
				continue
			}
			for _, st := range other.Statements {
				if st.Deny {
					d.Statements = append(d.Statements, st)
				}
			}
		}
		if after := decide(t, more); after.Allowed() && !before.Allowed() {
			t.Errorf("a Deny allowed:\n%s", more)
		}
	})
	for _, o := range []policy.Outcome{policy.Allow, policy.ImplicitDeny, policy.ExplicitDeny} {
		if met[o] < tried/50 {
			t.Errorf("the cases are not wide: outcome %v only %d times of %d", o, met[o], tried)
		}
	}
}

func TestRemovingAnAllowNeverAllows(t *testing.T) {
	every(t, func(t *testing.T, s cases.Source, c *cases.Case, before policy.Decision) {
		less := c.Clone()
		i := s.IntN(len(less.Docs))
		d := &less.Docs[i]
		j := s.IntN(len(d.Statements))
		if d.Statements[j].Deny || len(d.Statements) == 1 {
			return
		}
		// Nobody knows the key "aws:unsure": an Allow that asks for it denies, as
		// decision 0007 wants, so its going may well allow.
		if before.Unknown != "" {
			return
		}
		d.Statements = append(d.Statements[:j], d.Statements[j+1:]...)
		if after := decide(t, less); after.Allowed() && !before.Allowed() {
			t.Errorf("the going of an Allow allowed:\n%s", less)
		}
	})
}

func TestOrderDoesNotMatter(t *testing.T) {
	every(t, func(t *testing.T, s cases.Source, c *cases.Case, before policy.Decision) {
		other := c.Clone()
		for i := range other.Docs {
			st := other.Docs[i].Statements
			s.Shuffle(len(st), func(a, b int) { st[a], st[b] = st[b], st[a] })
		}
		s.Shuffle(len(other.Docs), func(a, b int) { other.Docs[a], other.Docs[b] = other.Docs[b], other.Docs[a] })
		after := decide(t, other)
		if after.Outcome != before.Outcome || after.By != before.By || (after.Unknown == "") != (before.Unknown == "") {
			t.Errorf("another order decided %+v:\n%s", after, other)
		}
	})
}
