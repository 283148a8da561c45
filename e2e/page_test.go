package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// pageWords are words about the pages that people follow.
//
//	page FILE   run the commands of a page of docs/, in order and in one shell; a duty may find something (exit 1)
var pageWords = map[string]word{"page": wordPage}

var commandBlock = regexp.MustCompile("(?s)\n```sh\n(.*?)```\n")

// pageCommands are the lines of a page's blocks of commands.
func pageCommands(file string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join("..", "docs", file))
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, block := range commandBlock.FindAllStringSubmatch(string(text), -1) {
		lines = append(lines, strings.Split(strings.TrimSpace(block[1]), "\n")...)
	}
	return lines, nil
}

func wordPage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: page FILE")
	}
	lines, err := pageCommands(args[0])
	ts.Check(err)
	if len(lines) == 0 {
		ts.Fatalf("%s has no commands", args[0])
	}
	// The functions are what the reader's shell has: aws and tamachi.
	var script strings.Builder
	script.WriteString("tamachi() { command tamachi \"$@\"; local code=$?; [ $code -le 1 ]; }\n")
	if planeOf(ts).cli.flag {
		script.WriteString("aws() { command aws --endpoint-url \"$AWS_ENDPOINT_URL\" \"$@\"; }\n")
	}
	for _, line := range lines {
		fmt.Fprintf(&script, "%s || { echo \"failed with $?: \"%s >&2; exit 1; }\n", line, "'"+strings.ReplaceAll(line, "'", `'\''`)+"'")
	}
	if err := ts.Exec("bash", "-uc", script.String()); err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
}

func TestAPageSaysTheSameInBothLanguages(t *testing.T) {
	english, err := pageCommands("real-account.md")
	if err != nil {
		t.Fatal(err)
	}
	japanese, err := pageCommands("real-account.ja.md")
	if err != nil {
		t.Fatal(err)
	}
	if a, b := strings.Join(english, "\n"), strings.Join(japanese, "\n"); a != b {
		t.Errorf("the commands differ:\n%s\n---\n%s", a, b)
	}
}
