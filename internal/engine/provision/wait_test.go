package provision_test

import (
	"context"
	"testing"
	"time"

	"tamachi/internal/desktops"
	"tamachi/internal/engine/provision"
)

// roomPort lets a test put itself before the room.
type roomPort = provision.Room

var _ roomPort = (*forgetful)(nil)

var _ desktops.Provider = (*watchful)(nil)

// waitFor polls what no bell rings for.
func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
