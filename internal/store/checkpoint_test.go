package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tamachi/internal/store"
)

// Beside updates that never pause the log is carried over and begins anew: it
// stays far below what was written. All of that is there afterwards.
func TestTheLogIsCarriedOverBesideUpdates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	s := open(t, store.Options{Path: path}, &notes, &diary)
	ctx, stop := context.WithCancel(t.Context())
	var running, writing sync.WaitGroup
	running.Go(func() { _ = s.Run(ctx, func(err error) { t.Error(err) }) })
	const writers, each, size = 4, 40, 512 << 10 // 80 MB
	for w := range writers {
		writing.Go(func() {
			for i := range each {
				if err := putNote(ctx, s, fmt.Sprint(w), strings.Repeat("x", size)+fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writing.Wait()
	log, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if log.Size() > writers*each*size*3/4 {
		t.Errorf("the log has %d MB, want it begun anew between", log.Size()>>20)
	}
	stop()
	running.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, store.Options{Path: path}, &notes, &diary)
	defer s.Close()
	err = s.View(t.Context(), func(tx *store.Tx) error {
		for w := range writers {
			n, err := notes.Get(tx, store.Scope{}, fmt.Sprint(w))
			if err != nil {
				return err
			}
			if want := fmt.Sprint("x", each-1); !strings.HasSuffix(n.Text, want) {
				t.Errorf("record %d ends in %q, want %q", w, n.Text[len(n.Text)-4:], want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
