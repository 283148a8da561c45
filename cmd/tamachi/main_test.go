package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"
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
		{"a resource that is none", []string{"guard", "who-can", "ssm:PutParameter", "db"}, exitUsage},
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

// TestWordsThatNobodyKnowsAreWrongUse gives every command too many of them.
func TestWordsThatNobodyKnowsAreWrongUse(t *testing.T) {
	t.Setenv("AWS_REGION", "") // what takes them for its own ends here
	t.Setenv("AWS_DEFAULT_REGION", "")
	words := []string{"one", "two", "three", "four", "five"}
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		for _, one := range c.Commands() {
			walk(one)
		}
		if c.HasSubCommands() || strings.Contains(c.Use, "...") {
			return
		}
		whole := root()
		whole.SetArgs(append(strings.Fields(c.CommandPath())[1:], words...))
		whole.SetOut(io.Discard)
		err := whole.ExecuteContext(t.Context())
		if report(err) != exitUsage || strings.Contains(err.Error(), "unknown command") {
			t.Errorf("%s %v: want wrong use, got %v", c.CommandPath(), words, err)
		}
	}
	walk(root())
}

// TestAReportFitsItsTerminal folds what people read, and nothing that programs do.
func TestAReportFitsItsTerminal(t *testing.T) {
	master, slave := terminal(t, 40)
	lines := bufio.NewReader(master)
	for _, row := range []struct {
		name, duty string
		args       []string
		want       int // lines
	}{
		{"a report", "lang", nil, 2},
		{"what programs read", "lang", []string{"--json"}, 1},
		{"no report", "other", nil, 1},
	} {
		c := &cobra.Command{}
		c.SetOut(slave)
		c.Flags().String(row.duty, "", "")
		c.Flags().Bool("json", false, "")
		if err := c.ParseFlags(row.args); err != nil {
			t.Fatal(err)
		}
		fitted(c, slave)
		fmt.Fprintln(c.OutOrStdout(), "2 desktops in ERROR: fujita.kouhei, nakamura.yuri\n.")
		got := 0
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if strings.TrimSpace(line) == "." {
				break
			}
			got++
		}
		if got != row.want {
			t.Errorf("%s: want %d lines, got %d", row.name, row.want, got)
		}
	}
}

// terminal makes a pseudo terminal that is so wide. Source: pts(4).
func terminal(t *testing.T, columns uint16) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close() })
	fd := int(master.Fd())
	if err := errors.Join(unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0), unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: columns, Row: 24})); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetUint32(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slave.Close() })
	return master, slave
}
