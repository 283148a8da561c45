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
