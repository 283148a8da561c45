package account

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tamachi/internal/desk/report"
)

func TestWhatTakesLongIsSaid(t *testing.T) {
	for _, row := range []struct {
		name string
		took time.Duration
		want string
	}{
		{"less than two seconds", 1900 * time.Millisecond, ""},
		{"five seconds", 5 * time.Second, "2 calls so far, 2s\n2 calls so far, 4s\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out strings.Builder
				c := Calls{shared: new(pace)}
				c.shared.made.Add(2)
				stop := c.Watch(&out, report.English)
				if err := Pause(t.Context(), row.took); err != nil {
					t.Fatal(err)
				}
				stop()
				if out.String() != row.want {
					t.Errorf("want %q, got %q", row.want, out.String())
				}
			})
		})
	}
}
