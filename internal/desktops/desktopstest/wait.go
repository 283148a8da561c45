package desktopstest

import (
	"testing"
	"time"
)

// WaitFor looks until ok, for two minutes: the machine may have much else to do.
func WaitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	const patience = 2 * time.Minute
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(patience); !ok(); {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("want %s within %s", what, patience)
		}
	}
}
