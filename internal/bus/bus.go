// Package bus is a doorbell: it rings "the feed has moved" and carries
// nothing. Durable truth stays in the store; a listener that was away reads
// from its own cursor.
package bus

import "sync"

// Bell wakes every listener. Rings while a listener is busy fold into one.
type Bell struct {
	mu        sync.Mutex
	listeners map[chan struct{}]struct{} // guarded by mu
}

// New returns a bell without listeners.
func New() *Bell { return &Bell{listeners: make(map[chan struct{}]struct{})} }

// Ring wakes every listener and never blocks.
func (b *Bell) Ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.listeners {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Listen returns a channel that receives after each ring, and a function that
// ends the listening.
func (b *Bell) Listen() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	b.mu.Lock()
	b.listeners[c] = struct{}{}
	b.mu.Unlock()
	return c, func() {
		b.mu.Lock()
		delete(b.listeners, c)
		b.mu.Unlock()
	}
}
