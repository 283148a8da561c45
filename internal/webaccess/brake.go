package webaccess

import (
	"strings"
	"sync"
	"time"
)

// brake makes who guesses passwords wait: after some wrong sign-ins of a user,
// or from an address, twice as long each time. It forgets when the plane is
// started anew, and what is long ago.
type brake struct {
	mu    sync.Mutex
	tries map[string]tried // by user, and by address; guarded by mu
}

type tried struct {
	wrong int // in a row
	until time.Time
}

// attempt is who tries to sign in.
type attempt struct{ address, user string }

const (
	freeOfUser    = 5  // wrong sign-ins in a row that cost a user nothing
	freeOfAddress = 50 // an office behind one address has many users
	firstWait     = 2 * time.Second
	longestWait   = 15 * time.Minute
	mostTries     = 20_000 // names and addresses that are remembered
)

func newBrake() *brake { return &brake{tries: map[string]tried{}} }

func (a attempt) keys() map[string]int {
	return map[string]int{"user " + strings.ToLower(a.user): freeOfUser, "from " + a.address: freeOfAddress}
}

// wait is how long this attempt must wait, 0 if not at all.
func (b *brake) wait(a attempt, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	var longest time.Duration
	for key := range a.keys() {
		longest = max(longest, b.tries[key].until.Sub(now))
	}
	return longest
}

// failed notes a wrong sign-in.
func (b *brake) failed(a attempt, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for key, free := range a.keys() {
		t := b.tries[key]
		if now.Sub(t.until) > longestWait {
			t.wrong = 0
		}
		t.wrong++
		t.until = now
		if over := t.wrong - free; over >= 0 {
			t.until = now.Add(min(firstWait<<min(over, 20), longestWait))
		}
		b.tries[key] = t
	}
	b.forget(now)
}

// forget drops what no longer counts, when there is much; b.mu is held.
func (b *brake) forget(now time.Time) {
	if len(b.tries) <= mostTries {
		return
	}
	for key, t := range b.tries {
		if !t.until.After(now) {
			delete(b.tries, key)
		}
	}
}

// good forgets a user's wrong sign-ins. The address keeps its own: who knows
// one password must not guess others for nothing.
func (b *brake) good(a attempt) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.tries, "user "+strings.ToLower(a.user))
}
