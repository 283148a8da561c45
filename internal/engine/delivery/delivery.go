package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
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
	// look is the longest time without a look at all orders.
	look = time.Minute
	// page is how many changes are read at once.
	page = 500
)

// Options is what an engine is made of. All but Log are required.
type Options struct {
	Commands Commands
	Gateway  nodes.Gateway
	Feed     Feed
	Bell     *bus.Bell
	Clock    clock.Clock
	// OrdersTable and NodesTable are the feed's names of orders, whose keys
	// are those of Commands, and of nodes, whose keys are their ids.
	OrdersTable, NodesTable string
	Log                     *slog.Logger
}

// Engine is a delivery engine. Its fields belong to Run's goroutine.
type Engine struct {
	o       Options
	after   store.Cursor
	orders  map[place]*tracked
	results chan batch
	sending map[string]bool // nodes that are being sent to
}

// place is which order.
type place struct{ account, region, key string }

// tracked is an order and what has been tried.
type tracked struct {
	nodes.Order
	next    time.Time // when it is to be sent; zero: when its node comes
	sent    time.Time // when it last was
	tries   int
	sending bool
}

// batch is what is sent to one node, one job after the other, and how that
// went.
type batch struct {
	node string
	jobs []sent
}

type sent struct {
	place
	job nodes.Job
	err error
}

// New returns an engine that does nothing until Run.
func New(o Options) *Engine {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Engine{o: o, orders: map[place]*tracked{}, sending: map[string]bool{}, results: make(chan batch, parallel)}
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
	var sends sync.WaitGroup
	defer sends.Wait()
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
		case <-timer.C:
			if failed {
				failed = !e.follow(ctx)
			}
		}
		wait := e.act(ctx, &sends)
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
	left := map[place]bool{}
	for at := range e.orders {
		left[at] = true
	}
	for _, o := range open {
		delete(left, place{o.Account, o.Region, o.Key})
		e.track(o)
	}
	for at := range left { // it ended while nobody looked
		node := e.orders[at].Node
		delete(e.orders, at)
		e.roomAt(node)
	}
	for _, t := range e.orders {
		e.nodeMoved(t.Node)
	}
	e.after = after
	return nil
}

// follow reads what has changed; false when the store did not answer.
func (e *Engine) follow(ctx context.Context) bool {
	for {
		changes, err := e.o.Feed.Changes(ctx, e.after, page, e.o.OrdersTable, e.o.NodesTable)
		if errors.Is(err, store.ErrTrimmed) { // nothing of ours for so long that the feed has gone on without us
			if err := e.begin(ctx); err != nil {
				return e.failed(ctx, fmt.Errorf("read the open orders: %w", err))
			}
			continue
		}
		if err != nil {
			return e.failed(ctx, fmt.Errorf("read changes: %w", err))
		}
		for _, c := range changes {
			if c.Table == e.o.NodesTable {
				e.nodeMoved(c.Key)
			} else if o, err := e.o.Commands.Order(ctx, c.Scope.Account, c.Scope.Region, c.Key); err != nil {
				return e.failed(ctx, fmt.Errorf("read an order: %w", err))
			} else {
				e.track(o)
			}
			e.after = c.Cursor
		}
		if len(changes) < page {
			return true
		}
	}
}

func (e *Engine) failed(ctx context.Context, err error) bool {
	if ctx.Err() == nil {
		e.o.Log.Error("delivery waits for the store", slog.Any("err", err))
	}
	return false
}

// nodeMoved sends what waits for a node whose record changed: its channel may
// be a new one.
func (e *Engine) nodeMoved(node string) {
	now := e.o.Clock.Now()
	for _, t := range e.orders {
		if t.Node == node && (t.sent.IsZero() || now.Sub(t.sent) >= fresh) {
			t.next, t.tries = now, 0
		}
	}
}

// track notes an order as it is now.
func (e *Engine) track(o nodes.Order) {
	at := place{o.Account, o.Region, o.Key}
	if o.State == nodes.Over {
		delete(e.orders, at)
		e.roomAt(o.Node)
		return
	}
	t := e.orders[at]
	if t == nil {
		t = &tracked{}
		e.orders[at] = t
	}
	now := e.o.Clock.Now()
	switch {
	case o.Job.ID != t.Job.ID: // new, or to be cancelled instead
		t.next, t.sent, t.tries = now, time.Time{}, 0
	case o.Busy && !t.Busy:
		t.next = now.Add(busyFor)
	}
	t.Order = o
}

// roomAt sends the oldest order that a node had no room for.
func (e *Engine) roomAt(node string) {
	var oldest *tracked
	for _, t := range e.orders {
		if t.Busy && t.Node == node && t.pending() && (oldest == nil || t.Key < oldest.Key) {
			oldest = t
		}
	}
	if oldest != nil {
		oldest.next = e.o.Clock.Now()
	}
}

// act sends what is due, oldest first, and gives up what is overdue; it returns how long
// nothing is to be done.
func (e *Engine) act(ctx context.Context, sends *sync.WaitGroup) time.Duration {
	now := e.o.Clock.Now()
	wait := look
	var due []place
	for at, t := range e.orders {
		if !now.Before(t.Deadline) {
			t.Deadline = now.Add(retry)
			if err := e.o.Commands.GiveUp(ctx, at.account, at.region, at.key); err != nil {
				e.failed(ctx, fmt.Errorf("give an order up: %w", err))
			}
		}
		wait = min(wait, t.Deadline.Sub(now))
		if !t.pending() {
			continue
		}
		if now.Before(t.next) {
			wait = min(wait, t.next.Sub(now))
			continue
		}
		due = append(due, at)
	}
	slices.SortFunc(due, func(a, b place) int { return strings.Compare(a.key, b.key) })
	e.send(ctx, due, sends)
	return max(wait, 0)
}

// pending tells whether an order is to be sent at some time that is known.
func (t *tracked) pending() bool { return t.Job.ID != "" && !t.sending && !t.next.IsZero() }

// send writes jobs to their nodes' channels, to several nodes at a time. An
// order whose node has no channel waits for the node's record to change.
func (e *Engine) send(ctx context.Context, due []place, sends *sync.WaitGroup) {
	batches := map[string]*batch{}
	for _, at := range due {
		t := e.orders[at]
		if !e.o.Gateway.Connected(t.Node) {
			t.next = time.Time{}
			continue
		}
		b := batches[t.Node]
		if b == nil {
			if e.sending[t.Node] || len(e.sending) == parallel {
				continue // the next result looks again
			}
			b = &batch{node: t.Node}
			batches[t.Node], e.sending[t.Node] = b, true
		}
		if len(b.jobs) < most {
			t.sending = true
			b.jobs = append(b.jobs, sent{place: at, job: t.Job})
		}
	}
	for _, b := range batches {
		sends.Go(func() {
			within, cancel := context.WithTimeout(ctx, sendWithin)
			defer cancel()
			for i := range b.jobs {
				b.jobs[i].err = e.o.Gateway.Send(within, b.node, b.jobs[i].job)
			}
			e.results <- *b // has room for all
		})
	}
}

// settle notes how sends went.
func (e *Engine) settle(b batch) {
	delete(e.sending, b.node)
	now := e.o.Clock.Now()
	for _, s := range b.jobs {
		t := e.orders[s.place]
		if t == nil {
			continue
		}
		t.sending = false
		switch {
		case t.Job.ID != s.job.ID: // something else is to be sent now
		case s.err != nil:
			e.o.Log.Debug("order was not sent", slog.String("node", b.node), slog.Any("err", s.err))
			t.next = now.Add(retry)
		default:
			t.sent = now
			t.next = now.Add(min(ackWithin<<min(t.tries, 10), resendAtMost))
			if t.Busy {
				t.next = now.Add(busyFor)
			}
			t.tries++
		}
	}
}
