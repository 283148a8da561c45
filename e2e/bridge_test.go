package e2e

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"
)

// bridgeWords put something between a client and the plane that can break:
//
//	bridge open NAME      put the URL of a way to the plane into $NAME; where
//	                      `agent here` says the plane is, is where it leads
//	bridge cut            break all connections over it
var bridgeWords = map[string]word{"bridge": wordBridge}

// bridgeKey is where a transcript keeps its bridge.
const bridgeKey = "bridge"

// bridge passes connections on.
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
		go func() {
			for {
				near, err := l.Accept()
				if err != nil {
					return
				}
				go b.carry(near, at)
			}
		}()
		ts.Defer(func() {
			l.Close()
			b.cut()
		})
		ts.Setenv(args[1], "http://"+l.Addr().String())
	default:
		ts.Fatalf("usage: bridge open NAME, bridge cut")
	}
}

// carry passes one connection on until either end closes it.
func (b *bridge) carry(near net.Conn, at *atomic.Pointer[string]) {
	defer near.Close()
	far, err := new(net.Dialer).DialContext(context.Background(), "tcp", *at.Load())
	if err != nil {
		return // nobody is there now
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

func (b *bridge) cut() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.open {
		c.Close()
	}
}
