package provision

import (
	"context"
	"sync"

	"tamachi/internal/desktops"
)

// key names a desktop.
type key struct{ account, region, id string }

func keyOf(j desktops.Job) key { return key{j.Account, j.Region, j.ID} }

// item is a desktop to look at.
type item struct {
	key key
	note
}

// note is why to look.
type note struct {
	inspect bool   // compare a desktop at rest with the provider's
	cause   string // what an event said of it, or empty
}

// and joins two reasons; the later cause wins.
func (n note) and(later note) note {
	if later.cause == "" {
		later.cause = n.cause
	}
	later.inspect = later.inspect || n.inspect
	return later
}

// queue holds the desktops to look at, each once, in the order in which they
// came. One that is being looked at and comes again is looked at again after.
type queue struct {
	ready chan struct{} // has a token while order may not be empty

	mu      sync.Mutex
	order   []key            // guarded by mu
	waiting map[key]note     // guarded by mu: in order, or to come again
	busy    map[key]struct{} // guarded by mu
	stuck   map[key]struct{} // guarded by mu: to be tried again at the next ring
}

func newQueue() *queue {
	return &queue{
		ready: make(chan struct{}, 1), waiting: map[key]note{},
		busy: map[key]struct{}{}, stuck: map[key]struct{}{},
	}
}

func (q *queue) add(k key, n note) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.addLocked(k, n)
}

func (q *queue) addLocked(k key, n note) {
	known, waits := q.waiting[k]
	q.waiting[k] = known.and(n)
	if _, busy := q.busy[k]; busy || waits {
		return
	}
	q.order = append(q.order, k)
	q.signal()
}

func (q *queue) signal() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// next waits for a desktop to look at; ok is false when ctx has ended.
func (q *queue) next(ctx context.Context) (it item, ok bool) {
	for {
		select {
		case <-ctx.Done():
			return item{}, false
		case <-q.ready:
		}
		if it, ok := q.take(); ok {
			return it, true
		}
	}
}

func (q *queue) take() (item, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.order) == 0 {
		return item{}, false
	}
	k := q.order[0]
	q.order = q.order[1:]
	it := item{k, q.waiting[k]}
	delete(q.waiting, k)
	delete(q.stuck, k)
	q.busy[k] = struct{}{}
	if len(q.order) > 0 {
		q.signal() // for the next worker
	}
	return it, true
}

// done ends the look at a desktop. When it is not settled it is tried again at
// the next ring.
func (q *queue) done(k key, settled bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.busy, k)
	if !settled {
		q.stuck[k] = struct{}{}
	}
	if n, again := q.waiting[k]; again {
		delete(q.waiting, k)
		q.addLocked(k, n)
	}
}

// retry brings back what could not be settled.
func (q *queue) retry() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for k := range q.stuck {
		delete(q.stuck, k)
		q.addLocked(k, note{inspect: true})
	}
}
