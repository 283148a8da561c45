package iam

import "sync"

// cache holds what was read from the store until a commit of this process may
// have changed it. A value that was read before such a commit is not kept
// after it.
type cache[V any] struct {
	limit int // entries; when it is full it begins anew

	mu    sync.RWMutex
	round int          // guarded by mu; grows when the cache is emptied
	known map[string]V // guarded by mu
}

// get returns what is known of a key. The round is for keep.
func (c *cache[V]) get(key string) (v V, ok bool, round int) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	v, ok = c.known[key]
	return v, ok, c.round
}

// keep remembers a value that was read from the store after get returned the
// round.
func (c *cache[V]) keep(key string, v V, round int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if round != c.round {
		return
	}
	if c.known == nil || len(c.known) >= c.limit {
		c.known = make(map[string]V)
	}
	c.known[key] = v
}

// forget empties the cache. Operations call it when their commit is done,
// before they answer.
func (c *cache[V]) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.round++
	c.known = nil
}
