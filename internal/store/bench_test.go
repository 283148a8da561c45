package store_test

import (
	"fmt"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"

	"tamachi/internal/store"
)

func BenchmarkDurableUpdate(b *testing.B) {
	for _, goroutines := range []int{1, 64} {
		b.Run(fmt.Sprintf("goroutines=%d", goroutines), func(b *testing.B) {
			s := open(b, store.Options{Path: filepath.Join(b.TempDir(), "store.db")}, &notes)
			var n atomic.Int64
			b.SetParallelism(max(1, goroutines/runtime.GOMAXPROCS(0)))
			if goroutines == 1 {
				for b.Loop() {
					if err := putNote(b.Context(), s, fmt.Sprint(n.Add(1)), "text"); err != nil {
						b.Fatal(err)
					}
				}
				return
			}
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := putNote(b.Context(), s, fmt.Sprint(n.Add(1)), "text"); err != nil {
						b.Error(err)
						return
					}
				}
			})
		})
	}
}

func BenchmarkGet(b *testing.B) {
	s := open(b, store.Options{Path: filepath.Join(b.TempDir(), "store.db")}, &notes)
	err := s.Update(b.Context(), func(tx *store.Tx) error {
		for i := range 10_000 {
			if err := notes.Put(tx, store.Scope{}, &note{ID: fmt.Sprint(i), Text: "text"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		i++
		err := s.View(b.Context(), func(tx *store.Tx) error {
			_, err := notes.Get(tx, store.Scope{}, fmt.Sprint(i%10_000))
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkList(b *testing.B) {
	s := open(b, store.Options{}, &notes)
	err := s.Update(b.Context(), func(tx *store.Tx) error {
		for i := range 10_000 {
			if err := notes.Put(tx, store.Scope{}, &note{ID: fmt.Sprint(i), Text: "text"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		err := s.View(b.Context(), func(tx *store.Tx) error {
			_, err := notes.List(tx, store.Scope{}, store.Page{})
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
