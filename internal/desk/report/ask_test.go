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
	gone, stop := context.WithCancel(t.Context())
	stop()
	for _, row := range []struct {
		name       string
		ctx        context.Context
		in         io.Reader
		want, said string
	}{
		{"an answer", t.Context(), strings.NewReader(" Yes \nmore"), "Yes", "Go on? "},
		{"the end of the input", t.Context(), strings.NewReader(""), "", "Go on? \n"},
		{"an answer without Enter", t.Context(), strings.NewReader("y"), "y", "Go on? \n"},
		{"Ctrl-C", gone, waiting, "", "Go on? \n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var out strings.Builder
			if got := Ask(row.ctx, row.in, &out, "Go on? "); got != row.want || out.String() != row.said {
				t.Errorf("want %q after %q, got %q after %q", row.want, row.said, got, out.String())
			}
		})
	}
}
