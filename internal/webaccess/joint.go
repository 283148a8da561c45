package webaccess

import (
	"context"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/desktops"
)

// joint is a browser's WebSocket and a desktop's display, joined.
type joint struct {
	h       *Handler
	ws      *websocket.Conn
	display net.Conn
	secret  string
	s       desktops.Session
	rules   desktops.Rules
	shown   time.Time              // when the first picture went out; written by down, read after run
	why     atomic.Pointer[ending] // what we said; the browser's farewell may be read first
}

// run carries bytes both ways until one side ends, the session is over or the
// plane stops, and says which.
func (j *joint) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	release := context.AfterFunc(ctx, func() { j.display.Close() }) // unblocks Read and Write
	defer release()
	to := &hand{to: j.display, rules: j.rules}
	to.pixel.Store(4)
	g.Go(func() error { return j.down(ctx, to) })
	g.Go(func() error { return j.up(ctx, to) })
	g.Go(func() error { return j.watch(ctx) })
	if j.h.o.Doors != nil && !j.rules.ViewOnly {
		g.Go(func() error { return j.prints(ctx) })
	}
	if j.h.o.Sessions != nil {
		g.Go(func() error { return j.measure(ctx) })
	}
	err := g.Wait()
	if why := j.why.Load(); why != nil {
		return *why
	}
	return err
}

// down carries the screen to the browser.
func (j *joint) down(ctx context.Context, to *hand) error {
	var sending error
	s := newScreen(j.display, j.rules, func() int { return int(to.pixel.Load()) }, func() { j.shown = j.h.o.Clock.Now() }, func(b []byte) error {
		wctx, cancel := context.WithTimeout(ctx, writeTimeout)
		defer cancel()
		sending = j.ws.Write(wctx, websocket.MessageBinary, b)
		return sending
	})
	_ = s.run() // the display ended, or sending failed
	if sending != nil {
		return sending
	}
	return j.say(ctx, desktops.DarkScreen)
}

// up carries keys, pointer and clipboard to the desktop.
func (j *joint) up(ctx context.Context, to *hand) error {
	buf := make([]byte, 16<<10)
	for {
		kind, message, err := j.ws.Reader(ctx)
		if err != nil {
			return err
		}
		if kind != websocket.MessageBinary {
			return j.ws.Close(websocket.StatusUnsupportedData, "RFB is binary")
		}
		_, err = io.CopyBuffer(onlyWriter{to}, message, buf)
		if errors.Is(err, errProtocol) {
			return errors.Join(err, j.ws.Close(websocket.StatusUnsupportedData, errProtocol.Error()))
		}
		if err != nil {
			return err
		}
	}
}

// onlyWriter hides ReadFrom, which would go around the message's limit.
type onlyWriter struct{ io.Writer }

// watch ends a stream whose browser no longer answers, whose session is over,
// who may not look any more, or whose plane stops.
func (j *joint) watch(ctx context.Context) error {
	tick := time.NewTicker(j.h.ping)
	defer tick.Stop()
	moved, stop := j.h.moved()
	defer stop()
	var due <-chan time.Time // changes come in swarms
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-j.h.done:
			return j.say(ctx, desktops.PlaneEnded)
		case <-moved:
			if due == nil {
				due = time.After(j.h.rest)
			}
			continue
		case <-due:
			due = nil
		case <-tick.C:
			pctx, cancel := context.WithTimeout(ctx, pongTimeout)
			err := j.ws.Ping(pctx)
			cancel()
			if err != nil {
				return err
			}
		}
		if why := j.h.mustEnd(ctx, j.secret, j.s.Client); why != "" {
			return j.say(ctx, why)
		}
	}
}

// measure tells, time and again, how long it takes from the browser to the
// display and back: the browser's answer to a ping, and the display's to a
// fence.
func (j *joint) measure(ctx context.Context) error {
	tick := time.NewTicker(j.h.meter)
	defer tick.Stop()
	var p *probe
	defer func() {
		if p != nil {
			p.conn.Close()
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		var took time.Duration
		var err error
		if took, p, err = j.roundTrip(ctx, p); err != nil {
			j.h.o.Log.Debug("latency not measured", "resource", j.s.ID, "err", err)
			continue
		}
		j.h.o.Sessions.Measured(j.s, took)
	}
}

// roundTrip measures once. It opens the probe when there is none, and returns
// none when that is broken.
func (j *joint) roundTrip(ctx context.Context, p *probe) (time.Duration, *probe, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	if p == nil {
		conn, err := j.h.o.Display.DialDisplay(ctx, j.s.ID)
		if err != nil {
			return 0, nil, err
		}
		if p, err = newProbe(ctx, conn); err != nil {
			return 0, nil, err
		}
	}
	begin := j.h.o.Clock.Now()
	if err := p.pass(ctx); err != nil {
		return 0, nil, errors.Join(err, p.conn.Close())
	}
	if err := j.ws.Ping(ctx); err != nil {
		return 0, p, err
	}
	return j.h.o.Clock.Now().Sub(begin), p, nil
}

// moved rings when something in the plane has changed.
func (h *Handler) moved() (<-chan struct{}, func()) {
	if h.o.Moved == nil {
		return nil, func() {}
	}
	return h.o.Moved()
}

// mustEnd says why an open stream may not go on; "" when it may.
func (h *Handler) mustEnd(ctx context.Context, secret, from string) desktops.End {
	v, err := h.o.Passes.Visit(ctx, secret)
	if err == nil && h.o.Entry != nil {
		err = h.o.Entry.Admit(ctx, v, from)
	}
	if b, ok := errors.AsType[*desktops.Barred](err); ok {
		return b.Why
	}
	switch {
	case errors.Is(err, desktops.ErrDismissed):
		return desktops.Dismissed
	case errors.Is(err, desktops.ErrNoPass), errors.Is(err, desktops.ErrNotFound):
		return desktops.Over
	}
	return "" // trouble with the store ends nobody's work
}

// say ends the WebSocket with a reason of ours, which the page shows, and
// returns it.
func (j *joint) say(ctx context.Context, why desktops.End) error {
	if ctx.Err() != nil {
		return ctx.Err() // somebody else was first
	}
	if !j.why.CompareAndSwap(nil, &ending{why}) {
		return ending{why}
	}
	code := websocket.StatusPolicyViolation
	switch why {
	case desktops.DarkScreen:
		code = websocket.StatusNormalClosure
	case desktops.PlaneEnded:
		code = websocket.StatusGoingAway
	}
	// A browser that does not answer the close is dropped after some seconds.
	_ = j.ws.Close(code, string(why))
	return ending{why}
}
