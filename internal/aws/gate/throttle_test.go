package gate

import (
	"testing"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
)

func TestThrottle(t *testing.T) {
	clk := clock.NewFrozen(time.Unix(1e9, 0))
	f := open(t)
	f.throttle = &throttle{classes: strictClasses, clock: clk, buckets: map[bucketOf]*bucket{}}
	want := func(what, wanted string, caller api.Caller) {
		t.Helper()
		if got := code(f.lookup(t, caller)); got != wanted {
			t.Errorf("%s: want %q, got %q", what, wanted, got)
		}
	}
	want("the first call", "", administrator)
	want("the second call", "", administrator)
	want("a third in the same second", "ThrottlingException", administrator)
	want("another account", "", stranger)
	want("a service", "", api.Caller{Type: api.AWSService, Account: account, Service: "workspaces.amazonaws.com"})
	clk.Advance(500 * time.Millisecond)
	want("half a second later", "", administrator)
	want("and again", "ThrottlingException", administrator)
	if err := f.token(t, administrator, "night"); err != nil {
		t.Errorf("a class that has room: %v", err)
	}
	if n := len(f.trail.durable); n != 2 {
		t.Errorf("want a record of each refusal, got %d", n)
	}
}
