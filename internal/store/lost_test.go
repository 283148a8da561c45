package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tamachi/internal/store"
)

// TestOneThatIsTooLargeFailsAlone fills a store whose size is limited, with
// small updates that share a commit with one that has no room.
func TestOneThatIsTooLargeFailsAlone(t *testing.T) {
	s := open(t, store.Options{Path: filepath.Join(t.TempDir(), "store.db")}, &notes)
	s.LimitPages(t, 60)
	inside, release := make(chan struct{}), make(chan struct{})
	entered := sync.OnceFunc(func() { close(inside) }) // the others may join its batch, which then runs again
	var holder, wg sync.WaitGroup
	holder.Go(func() {
		_ = s.Update(t.Context(), func(*store.Tx) error { entered(); <-release; return nil })
	})
	<-inside
	var mu sync.Mutex
	outcome := map[string]error{}
	for i := range 10 {
		id, text := fmt.Sprint("small", i), "x"
		if i == 4 {
			id, text = "large", strings.Repeat("x", 1<<20)
		}
		wg.Go(func() {
			err := putNote(t.Context(), s, id, text)
			mu.Lock()
			defer mu.Unlock()
			outcome[id] = err
		})
	}
	close(release)
	holder.Wait()
	wg.Wait()
	for id, err := range outcome {
		if id == "large" && !errors.Is(err, store.ErrNoSpace) {
			t.Errorf("the large one: %v, want ErrNoSpace", err)
		}
		if id != "large" && err != nil {
			t.Errorf("%s: %v, want nil", id, err)
		}
	}
	err := s.View(t.Context(), func(tx *store.Tx) error {
		all, err := notes.List(tx, store.Scope{}, store.Page{})
		if len(all) != 9 {
			t.Errorf("%d records, want the 9 small ones", len(all))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
