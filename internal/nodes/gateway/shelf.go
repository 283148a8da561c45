package gateway

import "sync"

// shelf keeps buffers of messages that are over for those that come: a busy
// port would else keep the collector and the kernel's page faults busy. What
// lies on it is forgotten when memory is collected.
type shelf struct {
	of [2]sync.Pool // of *[]byte
}

// sizes are the capacities of the buffers on a shelf: what our own agent sends
// has 64 KB or twice that, and a header. Smaller ones are not worth it.
func sizes() [2]int { return [...]int{66 << 10, 132 << 10} }

// worth is the least length for which a buffer of a shelf is taken.
const worth = 8 << 10

// take returns a buffer of n bytes with any content.
func (s *shelf) take(n int) []byte {
	for i, size := range sizes() {
		if n < worth || n > size {
			continue
		}
		if b, ok := s.of[i].Get().(*[]byte); ok {
			return (*b)[:n]
		}
		return make([]byte, n, size)
	}
	return make([]byte, n)
}

// give takes a buffer that nobody uses any more, if it is one of a shelf.
func (s *shelf) give(b []byte) {
	for i, size := range sizes() {
		if cap(b) == size {
			s.of[i].Put(&b)
		}
	}
}
