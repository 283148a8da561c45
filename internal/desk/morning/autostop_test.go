package morning

import (
	"testing"
	"time"
)

// A desktop is overdue when nobody has been connected for its timeout and the
// time that AWS may take; a timeout may be longer than a time.Duration can be.
func TestOverdue(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name    string
		minutes int32
		last    time.Duration
		want    bool
	}{
		{"an hour and no more", 60, 119 * time.Minute, false},
		{"longer than both", 60, 121 * time.Minute, true},
		{"two days", 2880, 50 * time.Hour, true},
		{"two days, not yet", 2880, 48 * time.Hour, false},
		{"four thousand years", 2147483640, 10 * 365 * 24 * time.Hour, false},
		{"three hundred years", 60 * 24 * 365 * 300, 10 * 365 * 24 * time.Hour, false},
	} {
		d := Desktop{ID: "ws-1", State: "AVAILABLE", Request: Request{RunningMode: "AUTO_STOP", AutoStopMinutes: tt.minutes}}
		f := &Facts{At: now, Connected: map[string]Usage{"ws-1": {State: "DISCONNECTED", Last: now.Add(-tt.last)}}}
		if got := f.overdue(d); got != tt.want {
			t.Errorf("%s: want %t, got %t", tt.name, tt.want, got)
		}
	}
}
