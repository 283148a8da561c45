package association

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
	// lookWithin is how long a node's look is waited for before it is asked
	// again; each further try waits twice as long, up to askAtMost.
	lookWithin = 5 * time.Second
	askAtMost  = 10 * time.Minute
	// sendWithin bounds the write to one node, parallel the nodes that are
	// written to at the same time.
	sendWithin = 15 * time.Second
	parallel   = 64
	// retry is the pause after a failure of the store.
	retry = time.Second
	// look is the longest time without a look at the schedules: the machine's
	// clock may have been set, or have slept.
	look = time.Minute
	page = 500
)

// Options is what an engine is made of. All but Log are required.
type Options struct {
	Room    Room
	Gateway nodes.Gateway
	Feed    Feed
	Bell    *bus.Bell
	Clock   clock.Clock
	// The feed's names of associations, whose keys are those of Room, and of
	// nodes and nudges, whose keys are nodes' ids.
	AssociationsTable, NodesTable, NudgesTable string
	Log                                        *slog.Logger
}

// Engine is an engine of associations. Its fields belong to Run's goroutine.
type Engine struct {
	o       Options
	after   store.Cursor
	begun   bool
	due     bool                    // schedules are to be looked at
	next    time.Time               // when they want to be
	scopes  map[nodes.Record]bool   // that have or had associations; the key is empty
	faces   map[nodes.Record]string // of nodes, as they were matched
	nudged  map[string]*wish        // by node
	results chan result
	sending int
}

// wish is a nudge and what has been tried.
type wish struct {
	nodes.Order
	next    time.Time // when it is to be sent; zero: when its node comes
	tries   int
	sending bool
}

type result struct {
	node, job string
	err       error
}

// New returns an engine that does nothing until Run.
func New(o Options) *Engine {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Engine{o: o, faces: map[nodes.Record]string{}, scopes: map[nodes.Record]bool{}, nudged: map[string]*wish{}, results: make(chan result, parallel)}
}

// Run works until ctx ends and its last send has returned.
func (e *Engine) Run(ctx context.Context) error {
	rings, deaf := e.o.Bell.Listen()
	defer deaf()
	var sends sync.WaitGroup
	defer sends.Wait()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		wait := e.work(ctx, &sends)
		timer.Reset(wait)
		select {
		case <-ctx.Done():
			return nil
		case <-rings:
		case r := <-e.results:
			e.settle(r)
		case <-timer.C:
			e.due = true
		}
	}
}

// work does what is to be done now, and returns how long nothing is.
func (e *Engine) work(ctx context.Context, sends *sync.WaitGroup) time.Duration {
	if err := e.catchUp(ctx); err != nil {
		if ctx.Err() == nil {
			e.o.Log.Error("associations wait for the store", slog.Any("err", err))
		}
		return retry
	}
	wait := look
	if !e.next.IsZero() {
		wait = min(wait, e.next.Sub(e.o.Clock.Now()))
	}
	return max(min(wait, e.send(ctx, sends)), 0)
}

func (e *Engine) catchUp(ctx context.Context) error {
	if !e.begun {
		if err := e.begin(ctx); err != nil {
			return err
		}
	}
	if err := e.follow(ctx); err != nil {
		return err
	}
	if !e.due && (e.next.IsZero() || e.o.Clock.Now().Before(e.next)) {
		return nil
	}
	next, err := e.o.Room.Due(ctx)
	if err != nil {
		return fmt.Errorf("begin what is due: %w", err)
	}
	e.due, e.next = false, next
	return nil
}

// begin matches everything anew, and goes on from there.
func (e *Engine) begin(ctx context.Context) error {
	all, nudged, after, err := e.o.Room.Begin(ctx)
	if err != nil {
		return fmt.Errorf("read the associations: %w", err)
	}
	for _, r := range all {
		if err := e.match(ctx, r); err != nil {
			return err
		}
	}
	e.nudged = map[string]*wish{}
	for _, o := range nudged {
		e.wish(o)
	}
	e.after, e.begun, e.due = after, true, true
	clear(e.faces)
	return nil
}

func (e *Engine) match(ctx context.Context, r nodes.Record) error {
	e.scopes[nodes.Record{Account: r.Account, Region: r.Region}] = true
	for more := true; more; {
		var err error
		if more, err = e.o.Room.Match(ctx, r.Account, r.Region, r.Key); err != nil {
			return fmt.Errorf("match an association: %w", err)
		}
	}
	e.due = true
	return nil
}

// follow reads what has changed.
func (e *Engine) follow(ctx context.Context) error {
	for {
		changes, err := e.o.Feed.Changes(ctx, e.after, page, e.o.AssociationsTable, e.o.NodesTable, e.o.NudgesTable)
		if errors.Is(err, store.ErrTrimmed) { // nothing of ours for so long that the feed has gone on without us
			if err := e.begin(ctx); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("read changes: %w", err)
		}
		for i, c := range changes {
			if !again(changes[i+1:], c) {
				if err := e.note(ctx, c); err != nil {
					return err
				}
			}
			e.after = c.Cursor
		}
		if len(changes) < page {
			return nil
		}
	}
}

// again tells whether a record changes once more among the next changes: then
// this one need not be looked at.
func again(later []store.Change, c store.Change) bool {
	for _, l := range later[:min(len(later), 16)] {
		if l.Table == c.Table && l.Key == c.Key && l.Scope == c.Scope {
			return true
		}
	}
	return false
}

func (e *Engine) note(ctx context.Context, c store.Change) error {
	r := nodes.Record{Account: c.Scope.Account, Region: c.Scope.Region, Key: c.Key}
	switch c.Table {
	case e.o.AssociationsTable:
		return e.match(ctx, r)
	case e.o.NodesTable:
		return e.nodeMoved(ctx, r)
	}
	o, err := e.o.Room.Nudge(ctx, r.Account, r.Region, r.Key)
	if err != nil {
		return fmt.Errorf("read a nudge: %w", err)
	}
	e.wish(o)
	return nil
}

// nodeMoved matches a node that looks different, and sends what waits for it:
// its channel may be a new one.
func (e *Engine) nodeMoved(ctx context.Context, r nodes.Record) error {
	if w := e.nudged[r.Key]; w != nil && w.next.IsZero() {
		w.next, w.tries = e.o.Clock.Now(), 0
	}
	if !e.scopes[nodes.Record{Account: r.Account, Region: r.Region}] {
		return nil // fleets without associations cost nothing
	}
	face, err := e.o.Room.Face(ctx, r.Account, r.Region, r.Key)
	if err != nil {
		return fmt.Errorf("look at a node: %w", err)
	}
	if known, ok := e.faces[r]; ok && known == face {
		return nil
	}
	if err := e.o.Room.MatchNode(ctx, r.Account, r.Region, r.Key); err != nil {
		return fmt.Errorf("match a node: %w", err)
	}
	e.faces[r] = face
	if face == "" {
		delete(e.faces, r)
	}
	return nil
}

// wish notes a nudge as it is now.
func (e *Engine) wish(o nodes.Order) {
	if o.State == nodes.Over {
		delete(e.nudged, o.Node)
		return
	}
	w := e.nudged[o.Node]
	if w == nil {
		w = &wish{}
		e.nudged[o.Node] = w
	}
	if w.Job.ID != o.Job.ID {
		w.next, w.tries = e.o.Clock.Now(), 0
	}
	w.Order = o
}

// send brings nudges to their nodes; it returns how long none is due. A node
// without a channel is waited for.
func (e *Engine) send(ctx context.Context, sends *sync.WaitGroup) time.Duration {
	now, wait := e.o.Clock.Now(), look
	for _, w := range e.nudged {
		switch {
		case w.sending || w.next.IsZero():
			continue
		case now.Before(w.next):
			wait = min(wait, w.next.Sub(now))
			continue
		case !e.o.Gateway.Connected(w.Node):
			w.next = time.Time{}
			continue
		case e.sending == parallel:
			return wait // the next result looks again
		}
		w.sending = true
		e.sending++
		node, job := w.Node, w.Job
		sends.Go(func() {
			within, cancel := context.WithTimeout(ctx, sendWithin)
			defer cancel()
			e.results <- result{node, job.ID, e.o.Gateway.Send(within, node, job)} // has room for all
		})
	}
	return wait
}

// settle notes how a send went.
func (e *Engine) settle(r result) {
	e.sending--
	w := e.nudged[r.node]
	if w == nil {
		return
	}
	w.sending = false
	switch now := e.o.Clock.Now(); {
	case w.Job.ID != r.job: // it was renewed meanwhile
	case r.err != nil:
		w.next = now.Add(retry)
	default:
		w.next = now.Add(min(lookWithin<<min(w.tries, 10), askAtMost))
		w.tries++
	}
}
