package desktopstest

import (
	"bytes"
	"fmt"
	"os/exec"
	"testing"
)

// Shell runs a script in a desktop as its root and returns what it printed: how
// a provider whose desktops have one gets at them from behind.
type Shell func(t *testing.T, id, script string) (string, error)

// Must is the shell with a script that must succeed.
func (run Shell) Must(t *testing.T, id, script string) string {
	t.Helper()
	out, err := run(t, id, script)
	if err != nil {
		t.Fatalf("run %q in %s: %v", script, id, err)
	}
	return out
}

// Place is where the suite's files are in such a desktop.
func Place(v Volume, name string) string {
	if v == Root {
		return "/opt/" + name
	}
	return "/home/" + name
}

// Write is Subject.Write.
func (run Shell) Write(t *testing.T, id string, v Volume, name, content string) {
	run.Must(t, id, "printf %s '"+content+"' > "+Place(v, name))
}

// Read is Subject.Read.
func (run Shell) Read(t *testing.T, id string, v Volume, name string) (content string, ok bool) {
	out, err := run(t, id, "cat "+Place(v, name))
	return out, err == nil
}

// Exhaust is Subject.Exhaust.
func (run Shell) Exhaust(t *testing.T, id string, amount int64) {
	if out, err := run(t, id, fmt.Sprintf("head -c %d /dev/zero | tail -n 1 | wc -c", amount)); err != nil {
		t.Logf("the program in %s: %q, %v", id, out, err)
	}
}

// Output runs the command of a Shell, and returns what it printed.
func Output(cmd *exec.Cmd) (string, error) {
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("%w: %s", err, words.String())
	}
	return out.String(), nil
}
