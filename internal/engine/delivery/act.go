package delivery

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"tamachi/internal/nodes"
)

// act sends what is due, oldest first, tells the room what it must know, and
// does a chore; it returns how long nothing is to be done.
func (e *Engine) act(ctx context.Context, others *sync.WaitGroup) time.Duration {
	now := e.o.Clock.Now()
	for len(e.schedule) > 0 && !now.Before(e.schedule[0].at) {
		t := e.schedule[0]
		if !now.Before(t.Deadline) {
			t.Deadline = now.Add(retry)
			e.overdue = append(e.overdue, t)
		}
		if t.pending() && !now.Before(t.next) {
			t.ready = true
			e.enqueue(t.node)
		}
		e.schedule.put(t)
	}
	wait := look
	if now.Before(e.paused) {
		wait = e.paused.Sub(now)
	} else {
		e.tell(ctx, &e.overdue, "give orders up", e.o.Commands.GiveUp)
		e.tell(ctx, &e.returned, "take orders up again", e.o.Commands.Returned)
		e.tell(ctx, &e.lost, "end orders of nodes that are gone", e.o.Commands.Lost)
		e.work(ctx, others)
	}
	e.send(ctx, others)
	if len(e.schedule) > 0 {
		wait = min(wait, e.schedule[0].at.Sub(now))
	}
	return max(0, wait)
}

// tell gives the room orders to move, as many as a transaction should hold at a
// time. What fails is told again.
func (e *Engine) tell(ctx context.Context, which *[]*tracked, what string, move func(context.Context, []nodes.OrderKey) error) {
	if len(*which) == 0 {
		return
	}
	keys := make([]nodes.OrderKey, 0, len(*which))
	for _, t := range *which {
		keys = append(keys, t.key())
	}
	all := *which
	*which = nil
	for len(keys) > 0 {
		n := min(len(keys), page)
		if err := move(ctx, keys[:n]); err != nil {
			e.failed(ctx, fmt.Errorf("%s: %w", what, err))
			*which = all
			e.pause(retry)
			return
		}
		keys, all = keys[n:], all[n:]
	}
}

// pause keeps work that failed from being tried again at once.
func (e *Engine) pause(d time.Duration) { e.paused = e.o.Clock.Now().Add(d) }

// enqueue gives a node its turn to be written to.
func (e *Engine) enqueue(n *node) {
	if !n.queued && !n.sending {
		n.queued = true
		e.queue = append(e.queue, n)
	}
}

// send writes jobs to their nodes' channels, to several nodes at a time. An
// order whose node has no channel waits for the node's record to change.
func (e *Engine) send(ctx context.Context, others *sync.WaitGroup) {
	for len(e.queue) > 0 && e.sending < parallel {
		n := e.queue[0]
		e.queue[0] = nil
		e.queue = e.queue[1:]
		n.queued = false
		b := batch{node: n, jobs: e.jobsOf(n)}
		if len(b.jobs) == 0 {
			if len(n.orders) == 0 {
				delete(e.nodes, n.id)
			}
			continue
		}
		n.sending = true
		e.sending++
		others.Go(func() {
			within, cancel := context.WithTimeout(ctx, sendWithin)
			defer cancel()
			for i := range b.jobs {
				b.jobs[i].err = e.o.Gateway.Send(within, n.id, b.jobs[i].job)
			}
			e.results <- b // has room for all
		})
	}
}

// jobsOf are a node's jobs that are ready, oldest first.
func (e *Engine) jobsOf(n *node) []sent {
	var ready []*tracked
	for _, t := range n.orders {
		if t.ready {
			ready = append(ready, t)
		}
	}
	connected := e.o.Gateway.Connected(n.id)
	slices.SortFunc(ready, func(a, b *tracked) int { return strings.Compare(a.Key, b.Key) })
	jobs := make([]sent, 0, min(len(ready), most))
	for _, t := range ready {
		if !connected {
			t.ready, t.next = false, time.Time{}
			e.schedule.put(t)
		} else if len(jobs) < most {
			t.ready, t.sending = false, true
			jobs = append(jobs, sent{key: t.key(), job: t.Job})
		}
	}
	return jobs
}

// settle notes how sends went.
func (e *Engine) settle(b batch) {
	e.sending--
	b.node.sending = false
	now := e.o.Clock.Now()
	for _, s := range b.jobs {
		t := e.orders[s.key]
		if t == nil {
			continue
		}
		t.sending = false
		switch {
		case t.Job.ID != s.job.ID: // something else is to be sent now
		case s.err != nil:
			e.o.Log.Debug("order was not sent", slog.String("node", b.node.id), slog.Any("err", s.err))
			t.next = now.Add(retry)
		default:
			t.sent = now
			t.next = now.Add(min(ackWithin<<min(t.tries, 10), resendAtMost))
			if t.Busy {
				t.next = now.Add(busyFor)
			}
			t.tries++
		}
		e.schedule.put(t)
	}
	for _, t := range b.node.orders {
		if t.ready { // there were more than one batch holds, or they came meanwhile
			e.enqueue(b.node)
			return
		}
	}
	if len(b.node.orders) == 0 {
		delete(e.nodes, b.node.id)
	}
}

// work does the next chore, one at a time beside everything else.
func (e *Engine) work(ctx context.Context, others *sync.WaitGroup) {
	if e.working || len(e.chores) == 0 {
		return
	}
	key := e.chores[0]
	e.chores = e.chores[1:]
	e.working = true
	others.Go(func() { e.worked <- worked{key, e.o.Commands.Chore(ctx, key)} })
}

// choreDone notes how a chore went; one that failed is done later.
func (e *Engine) choreDone(ctx context.Context, w worked) bool {
	e.working = false
	if w.err == nil {
		return true
	}
	e.chores = append(e.chores, w.key)
	e.pause(retry)
	return e.failed(ctx, fmt.Errorf("work on a command: %w", w.err))
}
