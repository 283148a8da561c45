package delivery

import (
	"container/heap"
	"time"

	"tamachi/internal/nodes"
)

// tracked is an order and what has been tried.
type tracked struct {
	nodes.Order
	node    *node
	next    time.Time // when it is to be sent; zero: when its node comes
	sent    time.Time // when it last was
	tries   int
	ready   bool // its time has come, and it waits for its node's turn
	sending bool

	at    time.Time // when it is to be looked at
	place int       // in the schedule
}

func (t *tracked) key() nodes.OrderKey {
	return nodes.OrderKey{Account: t.Account, Region: t.Region, Key: t.Key}
}

// pending tells whether an order is to be sent at some time that is known.
func (t *tracked) pending() bool {
	return t.Job.ID != "" && !t.sending && !t.ready && !t.next.IsZero()
}

// due is when an order is to be looked at: when it is to be sent, or given up.
func (t *tracked) due() time.Time {
	if t.pending() && t.next.Before(t.Deadline) {
		return t.next
	}
	return t.Deadline
}

// node is a node with orders.
type node struct {
	id      string
	orders  map[nodes.OrderKey]*tracked
	sending bool
	queued  bool // it is in the engine's queue
}

// schedule holds orders, the one that is to be looked at first at its top.
type schedule []*tracked

func (s schedule) Len() int           { return len(s) }
func (s schedule) Less(i, j int) bool { return s[i].at.Before(s[j].at) }
func (s schedule) Swap(i, j int) {
	s[i], s[j] = s[j], s[i]
	s[i].place, s[j].place = i, j
}

// Push is for container/heap.
func (s *schedule) Push(x any) {
	t := x.(*tracked)
	t.place = len(*s)
	*s = append(*s, t)
}

// Pop is for container/heap.
func (s *schedule) Pop() any {
	old := *s
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*s = old[:len(old)-1]
	return t
}

// put gives an order its place by what it is now.
func (s *schedule) put(t *tracked) {
	t.at = t.due()
	if t.place < 0 {
		heap.Push(s, t)
		return
	}
	heap.Fix(s, t.place)
}

func (s *schedule) remove(t *tracked) {
	if t.place >= 0 {
		heap.Remove(s, t.place)
		t.place = -1
	}
}
