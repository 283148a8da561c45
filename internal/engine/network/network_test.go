package network_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tamachi/internal/bus"
	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/fake"
	"tamachi/internal/engine/network"
	"tamachi/internal/netpath"
	"tamachi/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type row struct{ ID string }

var rows = store.Table[row]{Name: "test.networks", Reach: store.Plane, Key: func(r *row) string { return r.ID }}

// room names a network after what it was told last.
type room struct {
	mu   sync.Mutex
	id   string // guarded by mu
	fail error  // guarded by mu; of the next call
}

func (r *room) Networks(context.Context) (desktops.Networks, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.fail
	r.fail = nil
	return desktops.Networks{World: netpath.World{Networks: []netpath.Network{{ID: r.id}}}}, err
}

func TestWhatChangesIsArranged(t *testing.T) {
	bell := bus.New()
	st, err := store.Open(t.Context(), store.Options{Clock: clock.Real{}, Bell: bell}, &rows)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	w, r := fake.NewWorld(clock.Real{}), &room{id: "vpc-0"}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- network.New(st, bell, network.Options{Room: r, Tables: []string{rows.Name}, Provider: fake.Open(w)}).Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	change := func(id string, fail error) {
		t.Helper()
		r.mu.Lock()
		r.id, r.fail = id, fail
		r.mu.Unlock()
		if err := st.Update(t.Context(), func(tx *store.Tx) error { return rows.Put(tx, store.Scope{}, &row{id}) }); err != nil {
			t.Fatal(err)
		}
	}
	becomes := func(id string) {
		t.Helper()
		tick, late := time.NewTicker(2*time.Millisecond), time.After(10*time.Second)
		defer tick.Stop()
		for {
			if n := w.Networks().World.Networks; len(n) == 1 && n[0].ID == id {
				return
			}
			select {
			case <-tick.C:
			case <-late:
				t.Fatalf("want network %s arranged, got %+v", id, w.Networks())
			}
		}
	}
	becomes("vpc-0")
	change("vpc-1", nil)
	becomes("vpc-1")
	// What failed is tried again: here when the bell rings the next time.
	w.Fail(fake.Arrange, 1, errors.New("the kernel is tired"))
	change("vpc-2", nil)
	change("vpc-2", nil)
	becomes("vpc-2")
	change("vpc-3", errors.New("the store is tired"))
	change("vpc-3", nil)
	becomes("vpc-3")
}
