package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var namedCommand = regexp.MustCompile("`tamachi ([^`]+)`")

// The commands that docs/requirements.md names exist, with the flags that it
// names. (That the tests do is a test of the module's root.)
func TestRequirementsNameTheirCommands(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "requirements.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := namedCommand.FindAllStringSubmatch(string(text), -1)
	for _, m := range named {
		if fault := commandFault(strings.Fields(m[1])); fault != "" {
			t.Errorf("tamachi %s: %s", m[1], fault)
		}
	}
	if len(named) < 50 {
		t.Errorf("only %d commands are named: the page is not read", len(named))
	}
	for _, gone := range []string{"no-such-command", "desktop no-such-command", "morning --no-such-flag"} {
		if commandFault(strings.Fields(gone)) == "" {
			t.Errorf("tamachi %s is not found out", gone)
		}
	}
}

// commandFault says what of a command's words is not there.
func commandFault(words []string) string {
	c, rest, err := root().Find(words)
	if err != nil {
		return err.Error()
	}
	for _, word := range rest {
		name, isFlag := strings.CutPrefix(word, "--")
		if !isFlag || c.Flags().Lookup(name) == nil {
			return c.CommandPath() + " has no " + word
		}
	}
	return ""
}
