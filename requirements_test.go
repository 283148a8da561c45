package tamachi_test

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const requirementsPage = "docs/requirements.md"

// asked are the requirements that the page answers, each once, in this order.
var asked = slices.Concat(
	through("VDI", 1, 44), through("DIR", 1, 12), through("NET", 1, 14), through("CST", 1, 7), []string{"CST-16"},
	through("NTF", 1, 10), through("NTF", 13, 14), through("RPT", 6, 7), []string{"RPT-13"}, through("SRQ", 5, 7), []string{"SRQ-11", "IAC-03"},
	[]string{"TRP-3", "TRP-4", "TRP-7", "TRP-8", "TRP-10", "TRP-12"},
)

func through(kind string, from, to int) (ids []string) {
	for n := from; n <= to; n++ {
		ids = append(ids, fmt.Sprintf("%s-%02d", kind, n))
	}
	return ids
}

var (
	askedRow = regexp.MustCompile(`(?m)^\| ([A-Z]{3}-\d+) \|.*\|$`)
	proofOf  = regexp.MustCompile("`([\\w/]+) (Test\\w+)(?:/([\\w/]+))?`")
)

// Each requirement is answered once, and the tests that prove the answers exist.
// (That the commands do is a test of cmd/tamachi.)
func TestRequirementsNameTheirTests(t *testing.T) {
	text, err := os.ReadFile(filepath.FromSlash(requirementsPage))
	if err != nil {
		t.Fatal(err)
	}
	tests := testsOf(t)
	var answered []string
	for _, m := range askedRow.FindAllStringSubmatch(string(text), -1) {
		answered = append(answered, m[1])
		proofs := proofOf.FindAllStringSubmatch(m[0], -1)
		if len(proofs) == 0 && !strings.Contains(m[0], "Missing: ") {
			t.Errorf("%s: neither a test nor what is missing", m[1])
		}
		for _, p := range proofs {
			if fault := proofFault(tests, p[1], p[2], p[3]); fault != "" {
				t.Errorf("%s: %s", m[1], fault)
			}
		}
	}
	if !slices.Equal(answered, asked) {
		t.Errorf("%s answers\n%v, want\n%v", requirementsPage, answered, asked)
	}
}

// proofFault says what is wrong with a test that the page names; part is a file
// of transcripts.
func proofFault(tests map[string]bool, folder, name, part string) string {
	if !tests[folder+" "+name] {
		return "no test " + name + " in " + folder
	}
	if part == "" {
		return ""
	}
	if _, err := os.Stat(filepath.FromSlash(folder + "/testdata/" + part + ".txtar")); err != nil {
		return err.Error()
	}
	return ""
}

// testsOf are the tests of the whole module, as "folder Name".
func testsOf(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, s := range sources(t, ".", 0) {
		if !s.test {
			continue
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
				found[s.folder+" "+f.Name.Name] = true
			}
		}
	}
	return found
}

// A page that names what is not there is found out.
func TestRequirementsFindWhatIsNotThere(t *testing.T) {
	tests := map[string]bool{"e2e TestTranscripts": true}
	for _, row := range []struct{ folder, name, part, want string }{
		{"e2e", "TestTranscripts", "login", ""},
		{"e2e", "TestTranscripts", "logout", "logout.txtar"},
		{"e2e", "TestGone", "", "no test TestGone in e2e"},
		{"internal/gone", "TestTranscripts", "", "in internal/gone"},
	} {
		if got := proofFault(tests, row.folder, row.name, row.part); (got == "") != (row.want == "") || !strings.Contains(got, row.want) {
			t.Errorf("%+v: got %q", row, got)
		}
	}
}
