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
	text := page(t, "docs/requirements.md")
	named := namedCommand.FindAllStringSubmatch(text, -1)
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

// tabled finds the commands in a line of a README's table, "`tamachi plan` ·
// `approval`" or "`tamachi node join` · `leave`".
var tabled = regexp.MustCompile("(?m)^\\| `tamachi ([^|]*) \\|")

// Every command that people see is in the tables of both READMEs, and what is in
// the tables is a command.
func TestTheTablesOfCommandsAreWhole(t *testing.T) {
	for _, name := range []string{"README.md", "README.ja.md"} {
		told := map[string]bool{}
		for _, m := range tabled.FindAllStringSubmatch(page(t, name), -1) {
			words := strings.Split(strings.ReplaceAll(m[1], "`", ""), " · ")
			under := ""
			if i := strings.LastIndex(words[0], " "); i >= 0 {
				under = words[0][:i+1]
			}
			for i, w := range words {
				if i > 0 {
					w = under + w
				}
				told[w] = true
				if fault := commandFault(strings.Fields(w)); fault != "" {
					t.Errorf("%s tells of tamachi %s: %s", name, w, fault)
				}
			}
		}
		for _, c := range root().Commands() {
			if c.Hidden || c.Name() == "help" || c.Name() == "completion" || told[c.Name()] {
				continue
			}
			for _, sub := range c.Commands() {
				if !sub.Hidden && !told[c.Name()+" "+sub.Name()] {
					t.Errorf("%s has no tamachi %s %s in its table", name, c.Name(), sub.Name())
				}
			}
			if !c.HasSubCommands() {
				t.Errorf("%s has no tamachi %s in its table", name, c.Name())
			}
		}
	}
}

// page is the text of a file, by its path in the repository.
func page(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
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
