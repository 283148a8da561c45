package clock

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestEachTakesTurnsUntilItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		begin := time.Now()
		var turns []time.Duration
		Each(ctx, time.Minute, func() {
			turns = append(turns, time.Since(begin))
			if len(turns) == 3 {
				cancel()
			}
		})
		for i, at := range turns {
			if want := time.Duration(i+1) * time.Minute; at != want {
				t.Errorf("turn %d was after %v, want %v", i, at, want)
			}
		}
		if len(turns) != 3 {
			t.Errorf("%d turns, want the 3 before the end", len(turns))
		}
	})
}
