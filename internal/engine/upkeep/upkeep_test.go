package upkeep_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tamachi/internal/bus"
	"tamachi/internal/clock"
	"tamachi/internal/engine/upkeep"
)

// room notes when it was called and answers from a script.
type room struct {
	mu    sync.Mutex
	calls []time.Duration // since start; guarded by mu
	start time.Time
	say   func(n int) (time.Time, error)
}

func (r *room) Upkeep(context.Context) (time.Time, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, time.Since(r.start).Round(time.Second))
	return r.say(len(r.calls))
}

func TestWhenARoomIsCalled(t *testing.T) {
	never := func(int) (time.Time, error) { return time.Time{}, nil }
	for name, row := range map[string]struct {
		say  func(n int) (time.Time, error)
		ring time.Duration // when the bell rings; 0: never
		want []time.Duration
	}{
		"once at the start, then every minute": {never, 0, []time.Duration{0, time.Minute, 2 * time.Minute}},
		"after a commit":                       {never, 10 * time.Second, []time.Duration{0, 10 * time.Second, 70 * time.Second, 130 * time.Second}},
		"when it asked to be": {func(n int) (time.Time, error) {
			if n > 1 {
				return time.Time{}, nil
			}
			return time.Now().Add(20 * time.Second), nil
		}, 0, []time.Duration{0, 20 * time.Second, 80 * time.Second, 140 * time.Second}},
		"again soon after it failed": {func(n int) (time.Time, error) {
			if n > 1 {
				return time.Time{}, nil
			}
			return time.Time{}, errors.New("disk full")
		}, 0, []time.Duration{0, 15 * time.Second, 75 * time.Second, 135 * time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bell := bus.New()
				r := &room{start: time.Now(), say: row.say}
				ctx, cancel := context.WithCancel(t.Context())
				done := make(chan error, 1)
				go func() {
					done <- upkeep.New(bell, clock.Real{}, slog.New(slog.DiscardHandler), map[string]upkeep.Chore{"room": r}).Run(ctx)
				}()
				if row.ring > 0 {
					time.AfterFunc(row.ring, bell.Ring)
				}
				<-time.After(150 * time.Second)
				cancel()
				if err := <-done; err != nil {
					t.Errorf("the engine ended with %v", err)
				}
				if len(r.calls) != len(row.want) {
					t.Fatalf("called at %v, want %v", r.calls, row.want)
				}
				for i := range r.calls {
					if r.calls[i] != row.want[i] {
						t.Errorf("called at %v, want %v", r.calls, row.want)
						break
					}
				}
			})
		})
	}
}

// A plane that commits all the time does not call a room all the time.
func TestManyCommitsAreOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bell := bus.New()
		r := &room{start: time.Now(), say: func(int) (time.Time, error) { return time.Time{}, nil }}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			done <- upkeep.New(bell, clock.Real{}, slog.New(slog.DiscardHandler), map[string]upkeep.Chore{"room": r}).Run(ctx)
		}()
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for range 5000 {
			<-tick.C
			bell.Ring()
		}
		cancel()
		<-done
		if n := len(r.calls); n < 5 || n > 12 {
			t.Errorf("%d calls in 5 s of commits every millisecond, want about 10", n)
		}
	})
}

// What a room has at work is over before it is called again, by whomever.
func TestOneCallAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at, most int
		var mu sync.Mutex
		r := &room{start: time.Now(), say: func(int) (time.Time, error) { return time.Time{}, nil }}
		slow := chore(func(ctx context.Context) (time.Time, error) {
			mu.Lock()
			at++
			most = max(most, at)
			mu.Unlock()
			<-time.After(10 * time.Second)
			mu.Lock()
			at--
			mu.Unlock()
			return r.Upkeep(ctx)
		})
		e := upkeep.New(bus.New(), clock.Real{}, slog.New(slog.DiscardHandler), map[string]upkeep.Chore{"room": slow})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- e.Run(ctx) }()
		synctest.Wait()
		if err := e.Once(t.Context()); err != nil || most != 1 || len(r.calls) != 2 {
			t.Errorf("want two calls, one after the other, got %d, %d at once, %v", len(r.calls), most, err)
		}
		last := make(chan error, 1)
		go func() { last <- e.Once(t.Context()) }()
		synctest.Wait()
		gone, end := context.WithCancel(t.Context())
		end()
		if err := e.Once(gone); !errors.Is(err, context.Canceled) {
			t.Errorf("want who goes not to wait, got %v", err)
		}
		if err := <-last; err != nil {
			t.Error(err)
		}
		cancel()
		<-done
	})
}

type chore func(context.Context) (time.Time, error)

func (c chore) Upkeep(ctx context.Context) (time.Time, error) { return c(ctx) }
