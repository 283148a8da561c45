package plan

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tamachi/internal/desk/report"
)

var update = flag.Bool("update", false, "write the golden files")

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

// TestGolden holds what a person reads of a plan, and what is stored of it.
func TestGolden(t *testing.T) {
	all := steps(t, "ws-1", "ws-2", "g/ws-3")
	all[1].Undo, all[1].Lost = nil, Text{"the user volume", "ユーザーボリューム"}
	p := planOf(t, func(p *Plan) {
		p.Notes = []Text{{"ws-9 has the exemption tag", "ws-9 には除外タグがあります"}}
	}, all...)
	r := &Record{Plan: p, Steps: []Standing{{State: Applied}, {State: Failed, Note: "denied\x1b[2J"}, {}}}
	var b strings.Builder
	for _, l := range []report.Lang{report.English, report.Japanese} {
		if err := r.Write(&b, Look{Lang: l, Zone: time.FixedZone("JST", 9*3600), CLI: l == report.English}); err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n")
	}
	stored, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "plan.txt", b.String())
	golden(t, "plan.json", string(stored)+"\n")
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: want\n%s\ngot\n%s", name, want, got)
	}
}

func TestShell(t *testing.T) {
	got := Shell("aws", "--user-name", "o'neill x", "a=b,c", "")
	if want := `aws --user-name 'o'\''neill x' a=b,c ''`; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
}

// TestAChangedFileIsRefused changes a stored plan byte by byte: it is never
// taken for another plan.
func TestAChangedFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	f := folderIn(t, dir)
	p := planOf(t, nil, steps(t, "a")...)
	if err := f.Save(p); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(f.Dir, p.ID+".jsonl")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("want mode 0600, got %v, %v", info.Mode(), err)
	}
	for i := range whole {
		broken := append([]byte(nil), whole...)
		broken[i] ^= 1
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := f.Read(p.ID)
		if err != nil {
			continue
		}
		a, _ := json.Marshal(p)
		b, _ := json.Marshal(r.Plan)
		if string(a) != string(b) {
			t.Fatalf("byte %d: want the plan refused, got %s", i, b)
		}
	}
	for _, id := range []string{"", "p-1", "../../etc/passwd", "p-0123456789"} {
		if _, err := f.Read(id); err == nil {
			t.Errorf("want %q unknown", id)
		}
	}
}

func FuzzParse(f *testing.F) {
	p, err := New(Plan{Duty: "d", Made: morning, By: "b", Places: []Place{{Account: "1"}}, Steps: []Step{{Do: Move{"world:Add", []byte(`{}`)}}}})
	if err != nil {
		f.Fatal(err)
	}
	first, _ := json.Marshal(line{Plan: p})
	f.Add(string(first) + "\n" + `{"event":{"at":"2026-11-23T00:00:00Z","kind":"step","step":1,"state":"DONE"}}`)
	f.Add(`{"plan":{"steps":[]}}`)
	f.Fuzz(func(t *testing.T, file string) {
		var lines [][]byte
		for l := range strings.SplitSeq(file, "\n") {
			lines = append(lines, []byte(l))
		}
		r, err := parse(p.ID, lines)
		if err != nil {
			return
		}
		if r.Plan.ID != p.ID || len(r.Steps) != len(r.Plan.Steps) {
			t.Fatalf("want the plan of the id, got %+v", r.Plan)
		}
	})
}
