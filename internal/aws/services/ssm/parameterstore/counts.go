package parameterstore

import (
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// How many parameters an account may have in a Region (User Guide, "Managing
// parameter tiers").
const (
	maxStandard = 10_000
	maxAdvanced = 100_000
)

// counts knows how many parameters of each tier there are, so that creating one
// need not count. It is read from the store at the first need in a scope; one
// process serves a store, so it stays true after that. All reading happens
// inside updates, which come one after the other.
type counts struct {
	*sync.Mutex                                // guards of
	of          map[store.Scope]map[string]int // by tier
	max         map[string]int
}

func newCounts() counts {
	return counts{
		Mutex: &sync.Mutex{}, of: map[store.Scope]map[string]int{},
		max: map[string]int{tierStandard: maxStandard, tierAdvanced: maxAdvanced},
	}
}

// claim is what one update changes in the counts. What it adds counts at once,
// so that updates of one commit see each other; what it takes away counts when
// it is done.
type claim struct {
	counts counts
	scope  store.Scope
	added  map[string]int
	gone   map[string]int
}

func (s *Service) claim(scope store.Scope) *claim {
	return &claim{counts: s.counts, scope: scope}
}

// begin starts the claim in a transaction; a transaction that runs again
// starts it again.
func (c *claim) begin(tx *store.Tx) error {
	c.release()
	c.added, c.gone = map[string]int{}, map[string]int{}
	c.counts.Lock()
	_, known := c.counts.of[c.scope]
	c.counts.Unlock()
	if known {
		return nil
	}
	all, err := parameters.List(tx, c.scope, store.Page{})
	if err != nil {
		return err
	}
	n := map[string]int{}
	for _, p := range all {
		n[p.Tier]++
	}
	c.counts.Lock()
	c.counts.of[c.scope] = n
	c.counts.Unlock()
	return nil
}

// full tells whether a tier takes no more.
func (c *claim) full(tier string) bool {
	c.counts.Lock()
	defer c.counts.Unlock()
	return c.counts.of[c.scope][tier] >= c.counts.max[tier]
}

// add counts a parameter of a tier, or says that there is no room.
func (c *claim) add(tier string) error {
	if c.full(tier) {
		return &types.ParameterLimitExceeded{Message: new("You have exceeded the number of parameters for this AWS account. Delete one or more parameters and try again.")}
	}
	c.counts.Lock()
	defer c.counts.Unlock()
	c.counts.of[c.scope][tier]++
	c.added[tier]++
	return nil
}

// remove notes that a parameter of a tier goes.
func (c *claim) remove(tier string) { c.gone[tier]++ }

// end closes the claim with the outcome of the update, which it returns.
func (c *claim) end(err error) error {
	if err != nil {
		c.release()
		return err
	}
	c.counts.Lock()
	defer c.counts.Unlock()
	for tier, n := range c.gone {
		c.counts.of[c.scope][tier] -= n
	}
	return nil
}

func (c *claim) release() {
	c.counts.Lock()
	defer c.counts.Unlock()
	for tier, n := range c.added {
		c.counts.of[c.scope][tier] -= n
	}
	c.added, c.gone = nil, nil
}
