package provision

import (
	"context"
	"testing"

	"pgregory.net/rapid"
)

// TestQueue runs random orders of adding, taking and ending and wants that
// each desktop that was added is looked at after it was added, never twice at
// a time, and that no cause is lost.
func TestQueue(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		q := newQueue()
		busy, owed, causes := map[key]bool{}, map[key]bool{}, map[key]string{}
		keys := rapid.SampledFrom([]key{{id: "a"}, {id: "b"}, {id: "c"}})
		take := func() bool {
			it, ok := q.take()
			if !ok {
				return false
			}
			if busy[it.key] {
				r.Fatalf("%v taken twice at a time", it.key)
			}
			if !owed[it.key] {
				r.Fatalf("%v taken without a reason", it.key)
			}
			if it.cause != causes[it.key] {
				r.Fatalf("cause of %v: want %q, got %q", it.key, causes[it.key], it.cause)
			}
			busy[it.key] = true
			delete(owed, it.key)
			delete(causes, it.key)
			return true
		}
		r.Repeat(map[string]func(*rapid.T){
			"add": func(r *rapid.T) {
				k, cause := keys.Draw(r, "key"), rapid.SampledFrom([]string{"", "it died"}).Draw(r, "cause")
				q.add(k, note{cause: cause})
				owed[k] = true
				if cause != "" {
					causes[k] = cause
				}
			},
			"take": func(*rapid.T) { take() },
			"done": func(r *rapid.T) {
				k := keys.Draw(r, "key")
				if !busy[k] {
					return
				}
				q.done(k, rapid.Bool().Draw(r, "settled"))
				delete(busy, k)
			},
			"retry": func(*rapid.T) {
				for k := range q.stuck {
					owed[k] = true
				}
				q.retry()
			},
		})
		for k := range busy {
			q.done(k, true)
		}
		busy = map[key]bool{}
		for take() {
		}
		if len(owed) > 0 {
			r.Fatalf("never taken: %v", owed)
		}
	})
}

func TestNextWakesAllWorkers(t *testing.T) {
	q := newQueue()
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan key)
	for range 3 {
		go func() {
			for {
				it, ok := q.next(ctx)
				if !ok {
					return
				}
				got <- it.key
			}
		}()
	}
	for _, id := range []string{"a", "b", "c", "d"} {
		q.add(key{id: id}, note{})
	}
	for range 4 {
		<-got
	}
	cancel()
	if _, ok := q.next(ctx); ok {
		t.Error("a queue whose context has ended gave something")
	}
}
