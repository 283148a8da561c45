package id

import (
	"testing"
	"time"
)

func TestATimeUUIDTellsItsTime(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 0, 0, 123_000_000, time.UTC)
	s := Seeded(1)
	first, second := s.TimeUUID(at), s.TimeUUID(at)
	if first == second || len(first) != 36 || first[14] != '7' {
		t.Errorf("want two different UUIDs of version 7, got %s and %s", first, second)
	}
	if got, ok := UUIDTime(first); !ok || !got.Equal(at) {
		t.Errorf("want %v, got %v, %v", at, got, ok)
	}
	for _, other := range []string{"", s.UUID(), "zzzzzzzz-zzzz-7zzz-8zzz-zzzzzzzzzzzz", first[:35]} {
		if _, ok := UUIDTime(other); ok {
			t.Errorf("%q is no UUID of version 7", other)
		}
	}
}
