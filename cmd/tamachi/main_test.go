package main

import (
	"io"
	"testing"
)

func TestExitCodesOfWrongUse(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		want int
	}{
		{"no command prints the help", []string{}, exitDone},
		{"an unknown command", []string{"no-such-command"}, exitUsage},
		{"a family alone prints its help", []string{"desktop"}, exitDone},
		{"an unknown command of a family", []string{"desktop", "no-such-command"}, exitUsage},
		{"an unknown flag", []string{"serve", "--no-such-flag"}, exitUsage},
		{"a word too many", []string{"env", "more"}, exitUsage},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := root()
			c.SetArgs(tt.args)
			c.SetOut(io.Discard)
			if got := report(c.ExecuteContext(t.Context())); got != tt.want {
				t.Errorf("tamachi %q: exit code %d, want %d", tt.args, got, tt.want)
			}
		})
	}
}
