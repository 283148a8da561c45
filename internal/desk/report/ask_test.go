package report

import (
	"context"
	"io"
	"strings"
	"testing"
)

// TestAsk is answered, not answered, and left by Ctrl-C while it waits.
func TestAsk(t *testing.T) {
	waiting, _ := io.Pipe() // nobody ever says anything
	for _, row := range []struct {
		name       string
		left       bool // by Ctrl-C
		in         io.Reader
		want, said string
	}{
		{"an answer", false, strings.NewReader(" Yes \nmore"), "Yes", "Go on? "},
		{"the end of the input", false, strings.NewReader(""), "", "Go on? \n"},
		{"an answer without Enter", false, strings.NewReader("y"), "y", "Go on? \n"},
		{"Ctrl-C", true, waiting, "", "Go on? \n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			if row.left {
				stop()
			}
			var out strings.Builder
			if got := Ask(ctx, row.in, &out, "Go on? "); got != row.want || out.String() != row.said {
				t.Errorf("want %q after %q, got %q after %q", row.want, row.said, got, out.String())
			}
		})
	}
}
