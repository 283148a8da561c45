package store

import "sync"

// Cache holds what was read from the store until a commit of this process may
// have changed it. A value that was read before such a commit is not kept after
// it. It is for what every call asks.
type Cache[V any] struct {
	limit int // entries; when it is full it begins anew

	mu    sync.RWMutex
	round int          // guarded by mu; grows when the cache is emptied
	known map[string]V // guarded by mu
}

// NewCache returns a cache of so many entries at most.
func NewCache[V any](limit int) *Cache[V] { return &Cache[V]{limit: limit} }

// Get returns what is known of a key. The round is for Keep.
func (c *Cache[V]) Get(key string) (v V, ok bool, round int) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	v, ok = c.known[key]
	return v, ok, c.round
}

// Keep remembers a value that was read from the store after Get returned the
// round.
func (c *Cache[V]) Keep(key string, v V, round int) {
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

// Forget empties the cache. Operations call it when their commit is done,
// before they answer.
func (c *Cache[V]) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.round++
	c.known = nil
}
