package delivery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tamachi/internal/bus"
	"tamachi/internal/clock"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// world is the engine's surroundings in one: commands, feed and gateway, with
// the time at which each job was sent.
type world struct {
	bell *bus.Bell

	mu      sync.Mutex
	orders  map[string]nodes.Order // guarded by mu; by key
	feed    []store.Change         // guarded by mu
	online  map[string]bool        // guarded by mu
	broken  error                  // guarded by mu; answers the feed
	trimmed int                    // guarded by mu; rows of the feed that are gone
	lost    error                  // guarded by mu; answers sends
	sent    []string               // guarded by mu; "<job> at <time since the start>"
	ended   []string               // guarded by mu; keys given up
	chores  []nodes.OrderKey       // at the start
	done    []string               // guarded by mu; chores
	started time.Time
}

func newWorld() *world {
	return &world{bell: bus.New(), orders: map[string]nodes.Order{}, online: map[string]bool{}, started: time.Now()}
}

func (w *world) Orders(context.Context) ([]nodes.Order, store.Cursor, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []nodes.Order
	for _, o := range w.orders {
		if o.State != nodes.Over {
			out = append(out, o)
		}
	}
	return out, store.Cursor(fmt.Sprint(len(w.feed))), nil
}

func (w *world) Order(_ context.Context, keys []nodes.OrderKey) ([]nodes.Order, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []nodes.Order
	for _, k := range keys {
		out = append(out, w.orders[k.Key])
	}
	return out, nil
}

func (w *world) GiveUp(_ context.Context, keys []nodes.OrderKey) error {
	w.end("", keys)
	return nil
}

func (w *world) Lost(_ context.Context, keys []nodes.OrderKey) error {
	w.end("lost ", keys)
	return nil
}

// end takes orders out of the world.
func (w *world) end(how string, keys []nodes.OrderKey) {
	for _, k := range keys {
		w.mu.Lock()
		o := w.orders[k.Key]
		o.State, o.Job = nodes.Over, nodes.Job{}
		w.ended = append(w.ended, fmt.Sprintf("%s%s at %v", how, k.Key, time.Since(w.started)))
		w.mu.Unlock()
		w.put(o)
	}
}

func (w *world) Returned(_ context.Context, keys []nodes.OrderKey) error {
	for _, k := range keys {
		w.put(waiting(k.Key, w.orders[k.Key].Node))
	}
	return w.broken
}

func (w *world) Chores(context.Context) ([]nodes.OrderKey, error) { return w.chores, nil }

func (w *world) Chore(_ context.Context, key nodes.OrderKey) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.broken; err != nil {
		return err
	}
	w.done = append(w.done, fmt.Sprintf("%s at %v", key.Key, time.Since(w.started)))
	return nil
}

func (w *world) Changes(_ context.Context, after store.Cursor, _ int, _ ...string) ([]store.Change, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var n int
	if _, err := fmt.Sscan(string(after), &n); err != nil {
		return nil, err
	}
	if n < w.trimmed {
		return nil, store.ErrTrimmed
	}
	return append([]store.Change{}, w.feed[n:]...), w.broken
}

func (w *world) Send(_ context.Context, _ string, job nodes.Job) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = append(w.sent, fmt.Sprintf("%s at %v", job.ID, time.Since(w.started)))
	return w.lost
}

func (w *world) Connected(node string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.online[node]
}

func (w *world) Disconnect(string) {}

// put stores an order and rings.
func (w *world) put(o nodes.Order) {
	w.mu.Lock()
	w.orders[o.Key] = o
	w.change("orders", o.Key)
	w.mu.Unlock()
	w.bell.Ring()
}

// change needs mu.
func (w *world) change(table, key string) {
	w.feed = append(w.feed, store.Change{Cursor: store.Cursor(fmt.Sprint(len(w.feed) + 1)), Table: table, Key: key})
}

// connect opens or closes a node's channel.
func (w *world) connect(node string, open bool) {
	w.mu.Lock()
	w.online[node] = open
	w.change("nodes", node)
	w.mu.Unlock()
	w.bell.Ring()
}

func (w *world) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

// waiting is an order for node n.
func waiting(key, node string) nodes.Order {
	return nodes.Order{Key: key, Node: node, State: nodes.Waiting, Job: nodes.Job{ID: key}, Deadline: time.Now().Add(time.Hour)}
}

func TestDelivery(t *testing.T) {
	for _, row := range []struct {
		name  string
		live  func(w *world)
		sent  string
		ended string
	}{
		{"an order for a node that is there goes out at once", func(w *world) {
			w.connect("n", true)
			w.put(waiting("a", "n"))
			time.Sleep(time.Second)
		}, "a at 0s", ""},
		{"what was open before the start goes out, oldest first", func(w *world) {
			w.set(func() {
				w.online["n"] = true
				for _, k := range []string{"c", "a", "b"} {
					w.orders[k] = waiting(k, "n")
				}
			})
			w.connect("other", true)
			time.Sleep(time.Second)
		}, "a at 0s, b at 0s, c at 0s", ""},
		{"without an acknowledgement it goes out again, ever more slowly", func(w *world) {
			w.connect("n", true)
			w.put(waiting("a", "n"))
			time.Sleep(40 * time.Second)
		}, "a at 0s, a at 5s, a at 15s, a at 35s", ""},
		{"accepted is enough", func(w *world) {
			w.connect("n", true)
			o := waiting("a", "n")
			w.put(o)
			time.Sleep(time.Second)
			o.State, o.Job = nodes.Running, nodes.Job{}
			w.put(o)
			time.Sleep(time.Minute)
		}, "a at 0s", ""},
		{"a node that is away gets it when it comes", func(w *world) {
			w.put(waiting("a", "n"))
			time.Sleep(10 * time.Minute)
			w.connect("n", true)
			time.Sleep(time.Second)
		}, "a at 10m0s", ""},
		{"a node that comes back gets it again at once", func(w *world) {
			w.connect("n", true)
			w.put(waiting("a", "n"))
			time.Sleep(2 * time.Second)
			w.connect("n", false)
			w.connect("n", true)
			time.Sleep(time.Second)
		}, "a at 0s, a at 2s", ""},
		{"a busy node is asked again soon", func(w *world) {
			w.connect("n", true)
			o := waiting("a", "n")
			w.put(o)
			time.Sleep(100 * time.Millisecond)
			o.Busy = true
			w.put(o)
			time.Sleep(5 * time.Second)
		}, "a at 0s, a at 2.1s, a at 4.1s", ""},
		{"a place that is free goes to the oldest at once", func(w *world) {
			w.connect("n", true)
			running := waiting("z", "n")
			running.State, running.Job = nodes.Running, nodes.Job{}
			w.put(running)
			w.set(func() { // both at once: the engine may be reading already
				for _, k := range []string{"b", "a"} {
					o := waiting(k, "n")
					o.Busy = true
					w.orders[k] = o
					w.change("orders", k)
				}
			})
			w.bell.Ring()
			time.Sleep(time.Second)
			running.State = nodes.Over
			w.put(running)
			time.Sleep(500 * time.Millisecond)
		}, "a at 0s, b at 0s, a at 1s", ""},
		{"a send that fails is tried again", func(w *world) {
			w.set(func() { w.lost = errors.New("cut") })
			w.connect("n", true)
			w.put(waiting("a", "n"))
			time.Sleep(500 * time.Millisecond)
			w.set(func() { w.lost = nil })
			time.Sleep(time.Second)
		}, "a at 0s, a at 1s", ""},
		{"a cancel is sent in its place", func(w *world) {
			w.connect("n", true)
			o := waiting("a", "n")
			o.State, o.Job = nodes.Running, nodes.Job{}
			w.put(o)
			time.Sleep(time.Second)
			o.State, o.Job = nodes.Cancelling, nodes.Job{ID: "cancel-a"}
			w.put(o)
			time.Sleep(time.Second)
		}, "cancel-a at 1s", ""},
		{"held orders stay", func(w *world) {
			w.connect("n", true)
			o := waiting("a", "n")
			o.State, o.Job = nodes.Held, nodes.Job{}
			w.put(o)
			time.Sleep(time.Minute)
		}, "", ""},
		{"what nobody answers is given up at its deadline", func(w *world) {
			w.put(waiting("a", "n"))
			time.Sleep(2 * time.Hour)
		}, "", "a at 1h0m0s"},
		{"a store that does not answer is asked again", func(w *world) {
			w.connect("n", true)
			w.set(func() { w.broken = errors.New("disk") })
			w.put(waiting("a", "n"))
			time.Sleep(1500 * time.Millisecond)
			w.set(func() { w.broken = nil })
			time.Sleep(time.Second)
		}, "a at 2s", ""},
		{"a feed that was trimmed while nothing of ours moved is begun anew", func(w *world) {
			w.connect("n", true)
			w.put(waiting("a", "n"))
			synctest.Wait()
			w.set(func() { // without a ring: others' rows, and the end of an order
				for range 100 {
					w.change("others", "x")
				}
				o := w.orders["a"]
				o.State, o.Job = nodes.Over, nodes.Job{}
				w.orders["a"] = o
				w.trimmed = len(w.feed)
			})
			w.put(waiting("b", "n"))
			time.Sleep(time.Second)
		}, "a at 0s, b at 0s", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				e := New(Options{
					Commands: w, Gateway: w, Feed: w, Bell: w.bell, Clock: clock.Real{}, OrdersTable: "orders", ChoresTable: "chores", NodesTable: "nodes",
				})
				ctx, stop := context.WithCancel(t.Context())
				done := make(chan error, 1)
				if strings.HasPrefix(row.name, "what was open") {
					row.live(w) // before the engine
					w.set(func() { w.started = time.Now() })
				}
				go func() { done <- e.Run(ctx) }()
				synctest.Wait()
				if !strings.HasPrefix(row.name, "what was open") {
					row.live(w)
				}
				synctest.Wait()
				stop()
				if err := <-done; err != nil {
					t.Errorf("Run: %v", err)
				}
				if got := strings.Join(w.sent, ", "); got != row.sent {
					t.Errorf("sent %q, want %q", got, row.sent)
				}
				if got := strings.Join(w.ended, ", "); got != row.ended {
					t.Errorf("given up %q, want %q", got, row.ended)
				}
			})
		})
	}
}

// Many orders for many nodes: no more than the allowed number at a time, and
// each once.
func TestDeliveryOfManyOrders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		for n := range 1000 {
			o := waiting(fmt.Sprintf("%04d", n), fmt.Sprint("n", n%100))
			w.orders[o.Key], w.online[o.Node] = o, true
		}
		e := New(Options{Commands: w, Gateway: w, Feed: w, Bell: w.bell, Clock: clock.Real{}, OrdersTable: "orders", ChoresTable: "chores", NodesTable: "nodes"})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- e.Run(ctx) }()
		synctest.Wait()
		stop()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		if len(w.sent) != 1000 {
			t.Errorf("sent %d, want 1000", len(w.sent))
		}
	})
}
