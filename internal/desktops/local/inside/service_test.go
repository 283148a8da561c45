package inside

import (
	"strings"
	"testing"
	"time"
)

func TestPauseBetweenStarts(t *testing.T) {
	at := time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)
	v := &service{}
	for i, row := range []struct {
		ran, want time.Duration
	}{
		{0, 200 * time.Millisecond},
		{time.Second, 400 * time.Millisecond},
		{time.Second, 800 * time.Millisecond},
		{11 * time.Second, 200 * time.Millisecond}, // it had come up well
		{0, 400 * time.Millisecond},
	} {
		v.started = at
		if got := v.pause(at.Add(row.ran)); got != row.want {
			t.Errorf("end %d after %s: want a pause of %s, got %s", i+1, row.ran, row.want, got)
		}
	}
	for range 50 {
		if got := v.pause(at); got > 30*time.Second || got <= 0 {
			t.Fatalf("want a pause of at most 30 s, got %s", got)
		}
	}
}

func TestADesktopWithoutAnAgentHasNone(t *testing.T) {
	for _, row := range []struct {
		name  string
		agent []string
		want  string
	}{
		{"without arguments there is no agent", nil, "display windows terminal"},
		{"with arguments there is one", []string{"agent"}, "display windows terminal agent"},
	} {
		var got []string
		for _, v := range services(Plan{Login: "a", Agent: row.agent}) {
			got = append(got, v.name)
		}
		if strings.Join(got, " ") != row.want {
			t.Errorf("%s: want %s, got %v", row.name, row.want, got)
		}
	}
}

func TestStepsForNobodyElse(t *testing.T) {
	for _, args := range [][]string{nil, {"unknown"}, {"stage", "x"}} {
		if err := run(args); err == nil {
			t.Errorf("%v: want an error, got none", args)
		}
	}
}
