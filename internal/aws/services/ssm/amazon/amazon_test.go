package amazon_test

import (
	"os"
	"strings"
	"testing"

	"tamachi/internal/aws/services/ssm/amazon"
)

// TestTheListTellsOfEveryDocument wants a line of README.md for each.
func TestTheListTellsOfEveryDocument(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Count(string(text), "\n| `")
	all := amazon.Documents()
	for _, d := range all {
		if !strings.Contains(string(text), "\n| `"+d.Name+"` | "+d.Type+" | ") {
			t.Errorf("README.md has no line of %s: write one", d.Name)
		}
	}
	if lines != len(all) {
		t.Errorf("README.md has %d lines of documents, and there are %d", lines, len(all))
	}
}

// TestWindowsWritesWhatCanBeRead is of the documents of this house: Windows writes in
// the code page of its console, 932 in Japan, unless it is told otherwise, and the
// dates of Get-HotFix are none in most languages. docs/decisions/0062.
func TestWindowsWritesWhatCanBeRead(t *testing.T) {
	const first = "    runCommand:\n    - |\n      [Console]::OutputEncoding = [Text.Encoding]::UTF8\n"
	seen := 0
	for _, d := range amazon.Documents() {
		_, windows, ok := strings.Cut(string(d.Content), "action: aws:runPowerShellScript")
		if !ok || !strings.HasPrefix(d.Name, "Tamachi-") {
			continue
		}
		seen++
		if !strings.Contains(windows, first) {
			t.Errorf("%s: want the code page set first", d.Name)
		}
		if strings.Contains(windows, "Get-HotFix") {
			t.Errorf("%s: want dates from the event log", d.Name)
		}
	}
	if seen < 10 {
		t.Errorf("found %d documents with commands for Windows", seen)
	}
}

// TestARepairPutsTheProfileBack: what Windows puts aside comes back by its name alone,
// never under somebody who is signed in.
func TestARepairPutsTheProfileBack(t *testing.T) {
	for _, d := range amazon.Documents() {
		if d.Name != "Tamachi-RepairProfile" {
			continue
		}
		for _, want := range []string{`Rename-Item $kept.PSPath $id`, `Test-Path "Registry::HKEY_USERS\$id"`, `-replace '\.bak$') -eq $sid`} {
			if !strings.Contains(string(d.Content), want) {
				t.Errorf("want %s in %s", want, d.Content)
			}
		}
	}
}
