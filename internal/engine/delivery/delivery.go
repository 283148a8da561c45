package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"tamachi/internal/bus"
	"tamachi/internal/clock"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

const (
	// ackWithin is how long the first acknowledgement is waited for; each
	// further try waits twice as long, up to resendAtMost.
	ackWithin    = 5 * time.Second
	resendAtMost = time.Minute
	// busyFor is when a node that had no room is asked again.
	busyFor = 2 * time.Second
	// fresh is how young a send must be to have gone to the node's present
	// channel in all likelihood.
	fresh = time.Second
	// sendWithin bounds the writes to one node, most their number, and
	// parallel the nodes that are written to at the same time.
	sendWithin = 15 * time.Second
	most       = 50
	parallel   = 64
	// retry is the pause after a failure of the store.
	retry = time.Second
	// look is the longest time without a look at the schedule.
	look = time.Minute
	// page is how many changes are read, and how many orders are moved, at once.
	page = 500
)

// Options is what an engine is made of. All but Log are required.
type Options struct {
	Commands Commands
	Gateway  nodes.Gateway
	Feed     Feed
	Bell     *bus.Bell
	Clock    clock.Clock
	// OrdersTable, ChoresTable and NodesTable are the feed's names of orders and
	// chores, whose keys are those of Commands, and of nodes, whose keys are
	// their ids.
	OrdersTable, ChoresTable, NodesTable string
	Log                                  *slog.Logger
}

// Engine is a delivery engine. Its fields belong to Run's goroutine.
type Engine struct {
	o        Options
	after    store.Cursor
	orders   map[nodes.OrderKey]*tracked
	nodes    map[string]*node
	schedule schedule
	queue    []*node // nodes with orders that are ready, oldest first
	sending  int     // nodes that are being written to
	results  chan batch

	chores  []nodes.OrderKey // to be done, oldest first
	working bool             // one is being done
	worked  chan worked

	// What the room is to be told at the next occasion.
	overdue, returned, lost []*tracked
	paused                  time.Time // nothing is told or worked before
}

// batch is what is sent to one node, one job after the other, and how that
// went.
type batch struct {
	node *node
	jobs []sent
}

type sent struct {
	key nodes.OrderKey
	job nodes.Job
	err error
}

// worked is a chore that was done, or not.
type worked struct {
	key nodes.OrderKey
	err error
}

// New returns an engine that does nothing until Run.
func New(o Options) *Engine {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Engine{
		o: o, orders: map[nodes.OrderKey]*tracked{}, nodes: map[string]*node{},
		results: make(chan batch, parallel), worked: make(chan worked, 1),
	}
}

// Run delivers until ctx ends and its last send has returned. The error is nil
// unless the open orders cannot be read at the start.
func (e *Engine) Run(ctx context.Context) error {
	rings, deaf := e.o.Bell.Listen()
	defer deaf()
	if err := e.begin(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	var others sync.WaitGroup
	defer others.Wait()
	timer := time.NewTimer(0)
	defer timer.Stop()
	failed := false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-rings:
			failed = !e.follow(ctx)
		case b := <-e.results:
			e.settle(b)
		case w := <-e.worked:
			failed = !e.choreDone(ctx, w) || failed
		case <-timer.C:
			if failed {
				failed = !e.follow(ctx)
			}
		}
		wait := e.act(ctx, &others)
		if failed {
			wait = min(wait, retry)
		}
		timer.Reset(wait)
	}
}

// begin reads the orders that are open, and goes on from there.
func (e *Engine) begin(ctx context.Context) error {
	open, after, err := e.o.Commands.Orders(ctx)
	if err != nil {
		return err
	}
	chores, err := e.o.Commands.Chores(ctx)
	if err != nil {
		return err
	}
	e.chores = chores
	left := map[nodes.OrderKey]bool{}
	for key := range e.orders {
		left[key] = true
	}
	for _, o := range open {
		delete(left, nodes.OrderKey{Account: o.Account, Region: o.Region, Key: o.Key})
		e.track(o)
	}
	for key := range left { // it ended while nobody looked
		e.forget(e.orders[key])
	}
	for _, n := range e.nodes {
		e.nodeMoved(n.id, false)
	}
	e.after = after
	return nil
}

// follow reads what has changed; false when the store did not answer.
func (e *Engine) follow(ctx context.Context) bool {
	for {
		changes, err := e.o.Feed.Changes(ctx, e.after, page, e.o.OrdersTable, e.o.ChoresTable, e.o.NodesTable)
		if errors.Is(err, store.ErrTrimmed) { // nothing of ours for so long that the feed has gone on without us
			if err := e.begin(ctx); err != nil {
				return e.failed(ctx, fmt.Errorf("read the open orders: %w", err))
			}
			continue
		}
		if err != nil {
			return e.failed(ctx, fmt.Errorf("read changes: %w", err))
		}
		if err := e.take(ctx, changes); err != nil {
			return e.failed(ctx, err)
		}
		if len(changes) < page {
			return true
		}
	}
}

// take notes changes. An order that changed several times is read once.
func (e *Engine) take(ctx context.Context, changes []store.Change) error {
	var keys []nodes.OrderKey
	seen := map[nodes.OrderKey]bool{}
	for _, c := range changes {
		key := nodes.OrderKey{Account: c.Scope.Account, Region: c.Scope.Region, Key: c.Key}
		if c.Table == e.o.OrdersTable && !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	var orders []nodes.Order
	if len(keys) > 0 {
		var err error
		if orders, err = e.o.Commands.Order(ctx, keys); err != nil {
			return fmt.Errorf("read orders: %w", err)
		}
	}
	for _, o := range orders {
		e.track(o)
	}
	for _, c := range changes {
		switch c.Table {
		case e.o.NodesTable:
			e.nodeMoved(c.Key, c.Deleted)
		case e.o.ChoresTable:
			if !c.Deleted {
				e.chores = append(e.chores, nodes.OrderKey{Account: c.Scope.Account, Region: c.Scope.Region, Key: c.Key})
			}
		}
		e.after = c.Cursor
	}
	return nil
}

func (e *Engine) failed(ctx context.Context, err error) bool {
	if ctx.Err() == nil {
		e.o.Log.Error("delivery waits for the store", slog.Any("err", err))
	}
	return false
}

// nodeMoved sends what waits for a node whose record changed: its channel may
// be a new one.
func (e *Engine) nodeMoved(id string, gone bool) {
	n := e.nodes[id]
	if n == nil {
		return
	}
	now := e.o.Clock.Now()
	for _, t := range n.orders {
		switch {
		case gone:
			e.lost = append(e.lost, t)
			continue
		case t.Away && e.o.Gateway.Connected(id):
			e.returned = append(e.returned, t)
			continue
		case t.sent.IsZero() || now.Sub(t.sent) >= fresh:
			t.next, t.tries = now, 0
			e.schedule.put(t)
		}
	}
}

// track notes an order as it is now.
func (e *Engine) track(o nodes.Order) {
	key := nodes.OrderKey{Account: o.Account, Region: o.Region, Key: o.Key}
	t := e.orders[key]
	if o.State == nodes.Over {
		if t != nil {
			e.forget(t)
		}
		return
	}
	if t == nil {
		t = &tracked{node: e.nodes[o.Node], place: -1}
		if t.node == nil {
			t.node = &node{id: o.Node, orders: map[nodes.OrderKey]*tracked{}}
			e.nodes[o.Node] = t.node
		}
		e.orders[key], t.node.orders[key] = t, t
	}
	now := e.o.Clock.Now()
	switch {
	case o.Job.ID != t.Job.ID: // new, or to be cancelled instead
		t.next, t.sent, t.tries, t.ready = now, time.Time{}, 0, false
	case o.Busy && !t.Busy:
		t.next, t.ready = now.Add(busyFor), false
	}
	t.Order = o
	if t.Away && e.o.Gateway.Connected(o.Node) { // it came back before this was written
		e.returned = append(e.returned, t)
	}
	e.schedule.put(t)
}

// forget drops an order that is over. Its place at the node goes to the oldest
// order that the node had no room for.
func (e *Engine) forget(t *tracked) {
	delete(e.orders, t.key())
	delete(t.node.orders, t.key())
	e.schedule.remove(t)
	if len(t.node.orders) == 0 && !t.node.sending && !t.node.queued {
		delete(e.nodes, t.node.id)
		return
	}
	var oldest *tracked
	for _, other := range t.node.orders {
		if other.Busy && other.pending() && (oldest == nil || other.Key < oldest.Key) {
			oldest = other
		}
	}
	if oldest != nil {
		oldest.next = e.o.Clock.Now()
		e.schedule.put(oldest)
	}
}
