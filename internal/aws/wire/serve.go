package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Limits of a connection.
const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 32 << 10
	// grace is how long a stop waits for requests under way, and then again
	// for handlers whose connection was closed.
	grace = 10 * time.Second
)

type drainKey struct{}

// streams are the conversations of a server.
type streams struct {
	stop    context.Context //nolint:containedctx // the life of the server's conversations
	running *gauge
}

// conversing finds them; nil when the request came through no Serve.
func conversing(ctx context.Context) *streams {
	s, _ := ctx.Value(drainKey{}).(*streams)
	return s
}

type attendedKey struct{}

// Attended makes a request's conversation run within its handler, which is
// then told of its end. Otherwise the handler returns once a conversation has
// begun, so that nothing of the request is kept while it lasts.
func Attended(ctx context.Context) context.Context {
	return context.WithValue(ctx, attendedKey{}, true)
}

// Serve answers connections of ln with h until ctx is done, then drains: it
// closes ln, lets requests under way finish and ends conversations. It returns
// when nothing of it runs any more. ln is Split's or SplitTLS's.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, log *slog.Logger) error {
	base, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	talks, endStreams := context.WithCancel(base)
	defer endStreams()
	running := gauge{idle: make(chan struct{})}
	base = context.WithValue(base, drainKey{}, &streams{talks, &running})
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			running.enter()
			defer running.leave()
			h.ServeHTTP(w, r)
		}),
		// Only its protocols are read: it makes net/http ready for HTTP/2.
		TLSConfig:         &tls.Config{NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12},
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		BaseContext:       func(net.Listener) context.Context { return base },
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(ln) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve %s: %w", ln.Addr(), err)
	case <-ctx.Done():
	}
	endStreams()
	late, done := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer done()
	err := server.Shutdown(late)
	cancel()
	err = errors.Join(err, server.Close())
	if serr := <-served; !errors.Is(serr, http.ErrServerClosed) {
		err = errors.Join(err, serr)
	}
	return errors.Join(err, running.drain())
}

// gauge counts the handlers and conversations that run.
type gauge struct {
	mu       sync.Mutex
	n        int           // guarded by mu
	draining bool          // guarded by mu
	idle     chan struct{} // closed when draining and n is 0
}

func (g *gauge) enter() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n++
}

func (g *gauge) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.n--; g.n == 0 && g.draining {
		g.draining = false
		close(g.idle)
	}
}

// drain waits for the handlers, whose contexts and connections are gone.
func (g *gauge) drain() error {
	g.mu.Lock()
	if g.n == 0 {
		g.mu.Unlock()
		return nil
	}
	g.draining = true
	g.mu.Unlock()
	select {
	case <-g.idle:
		return nil
	case <-time.After(grace):
		return errors.New("stop serving: a handler did not end")
	}
}
