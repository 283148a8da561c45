package house

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"tamachi/internal/aws/wire"
	"tamachi/internal/ca"
	"tamachi/internal/clock"
	"tamachi/internal/desktops/fake"
	"tamachi/internal/id"
)

// labAccount is whose root every unknown access key of a lab is.
const labAccount = "123456789012"

// resetPath empties a lab when it is posted to.
const resetPath = "/_tamachi/reset"

// Lab is a test double of the plane for other people's test suites: a House
// whose store and desktops are in memory, and that can be emptied between two
// tests. Each emptying builds a new House (a world) behind the same address.
type Lab struct {
	o        Options
	listener net.Listener
	ca       *ca.Authority

	spare chan *world // made ahead, so that a reset waits for none

	resetting sync.Mutex // one reset at a time
	mu        sync.RWMutex
	now       *world // guarded by mu
}

// world is a House between two resets.
type world struct {
	house *House
	calls sync.WaitGroup // under way

	streams context.Context //nolint:containedctx // the life of its conversations
	hangUp  context.CancelFunc
	end     context.CancelFunc // of its engines
	ended   chan error
}

// OpenLab takes the address. Options.Config must have Lab set; a data folder is
// neither read nor made.
func OpenLab(ctx context.Context, o Options) (*Lab, error) {
	if o.Clock == nil {
		o.Clock = clock.Real{}
	}
	if o.IDs == nil {
		o.IDs = id.Random()
	}
	l := &Lab{o: o, spare: make(chan *world)}
	var err error
	if l.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", o.Config.Listen); err != nil {
		return nil, cannotListen(o.Config.Listen, err)
	}
	l.ca, err = ca.Open(ca.Options{DataID: "lab", Domain: o.Config.Domain, Clock: o.Clock, IDs: o.IDs})
	if err == nil {
		l.now, err = l.create(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, l.listener.Close())
	}
	return l, nil
}

// HTTP is the address for plain HTTP.
func (l *Lab) HTTP() string { return l.current().house.HTTP() }

// HTTPS is the same address for TLS.
func (l *Lab) HTTPS() string { return l.current().house.HTTPS() }

// Run serves until ctx ends. ready is called when calls are accepted.
func (l *Lab) Run(ctx context.Context, ready func()) error {
	var g errgroup.Group
	g.Go(func() error {
		return wire.Serve(ctx, wire.Split(l.listener, l.ca.TLS(), l), l, l.o.Log)
	})
	g.Go(func() error { return l.makeSpares(ctx) })
	ready()
	err := g.Wait()
	l.resetting.Lock() // a reset under way ends first
	defer l.resetting.Unlock()
	return errors.Join(err, l.current().close())
}

// Named tells which names are directories'.
func (l *Lab) Named(serverName string) bool {
	return l.current().house.rooms.directories.server.Named(serverName)
}

// Guest serves a directory's client in the world of the moment.
func (l *Lab) Guest(conn net.Conn) { l.current().house.rooms.directories.server.Guest(conn) }

// makeSpares makes the world after the next reset before that comes.
func (l *Lab) makeSpares(ctx context.Context) error {
	for {
		next, err := l.create(ctx)
		if ctx.Err() != nil && err != nil {
			return nil //nolint:nilerr // the end cut it off
		}
		if err != nil {
			return err
		}
		select {
		case l.spare <- next:
		case <-ctx.Done():
			return next.close()
		}
	}
}

// ServeHTTP answers a request in the world of the moment.
func (l *Lab) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == resetPath {
		l.serveReset(w, r)
		return
	}
	l.mu.RLock()
	now := l.now
	now.calls.Add(1)
	l.mu.RUnlock()
	defer now.calls.Done()
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") { // a conversation ends with its world
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(now.streams, cancel)()
		r = r.WithContext(wire.Attended(ctx))
	}
	now.house.door.ServeHTTP(w, r)
}

func (l *Lab) serveReset(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST empties the lab.", http.StatusMethodNotAllowed)
		return
	}
	if err := l.Reset(r.Context()); err != nil {
		l.o.Log.Error("reset failed", "err", err)
		http.Error(w, "The lab could not be emptied; its log says why.", http.StatusInternalServerError)
	}
}

// Reset empties a lab that runs: calls that begin from now on meet a new world. It
// returns when the calls under way and the work of the old one have ended.
func (l *Lab) Reset(ctx context.Context) error {
	l.resetting.Lock()
	defer l.resetting.Unlock()
	var next *world
	select {
	case next = <-l.spare:
	case <-ctx.Done():
		return ctx.Err()
	}
	l.mu.Lock()
	old := l.now
	l.now = next
	l.mu.Unlock()
	return old.close()
}

func (l *Lab) current() *world {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.now
}

func (l *Lab) create(ctx context.Context) (*world, error) {
	o := l.o
	o.listener, o.ca = l.listener, l.ca
	o.Desktops = fake.Open(fake.NewWorld(o.Clock))
	h, err := Open(ctx, o)
	if err != nil {
		return nil, err
	}
	w := &world{house: h, ended: make(chan error, 1)}
	life := context.WithoutCancel(ctx) // it ends by close
	w.streams, w.hangUp = context.WithCancel(life)
	life, w.end = context.WithCancel(life)
	go func() { w.ended <- h.work(life) }() // close waits for it
	return w, nil
}

// close ends the conversations, waits for the calls under way, then for the
// engines, and gives everything up.
func (w *world) close() error {
	w.hangUp()
	w.calls.Wait()
	w.end()
	return errors.Join(<-w.ended, w.house.Close())
}
