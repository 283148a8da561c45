package e2e

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// bridgeWords put something between a client and the plane that can break:
//
//	bridge open NAME      put the URL of a way to the plane into $NAME; where
//	                      `agent here` says the plane is, is where it leads, and
//	                      who comes while nobody is there waits
//	bridge cut            break all connections over it
var bridgeWords = map[string]word{"bridge": wordBridge}

// bridgeKey is where a transcript keeps its bridge.
const bridgeKey = "bridge"

// bridge passes connections on. The stock plugin tries to come back for three
// seconds, which a slow machine may need to start a plane: its connections wait
// on the bridge instead of being refused.
type bridge struct {
	mu   sync.Mutex
	open map[net.Conn]bool // guarded by mu
}

func wordBridge(ts *testscript.TestScript, neg bool, args []string) {
	b := ts.Value(bridgeKey).(*bridge)
	switch {
	case !neg && len(args) == 1 && args[0] == "cut":
		b.cut()
	case !neg && len(args) == 2 && args[0] == "open":
		l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
		ts.Check(err)
		at := ts.Value(agentsKey).(*atomic.Pointer[string])
		ctx, shut := context.WithCancel(context.Background())
		go func() {
			for {
				near, err := l.Accept()
				if err != nil {
					return
				}
				go b.carry(ctx, near, at)
			}
		}()
		ts.Defer(func() {
			shut()
			l.Close()
			b.cut()
		})
		ts.Setenv(args[1], "http://"+l.Addr().String())
	default:
		ts.Fatalf("usage: bridge open NAME, bridge cut")
	}
}

// carry passes one connection on until either end closes it.
func (b *bridge) carry(ctx context.Context, near net.Conn, at *atomic.Pointer[string]) {
	defer near.Close()
	far, err := reach(ctx, at)
	if err != nil {
		return // the transcript has ended
	}
	defer far.Close()
	b.mu.Lock()
	b.open[near], b.open[far] = true, true
	b.mu.Unlock()
	go func() {
		_, _ = io.Copy(far, near)
		far.Close()
	}()
	_, _ = io.Copy(near, far)
	b.mu.Lock()
	delete(b.open, near)
	delete(b.open, far)
	b.mu.Unlock()
}

// reach waits for the plane.
func reach(ctx context.Context, at *atomic.Pointer[string]) (net.Conn, error) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		far, err := new(net.Dialer).DialContext(ctx, "tcp", *at.Load())
		if err == nil || ctx.Err() != nil {
			return far, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

func (b *bridge) cut() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.open {
		c.Close()
	}
}
