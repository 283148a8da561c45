package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestASkippedTestFailsUnlessItIsListed(t *testing.T) {
	events := strings.Join([]string{
		`{"Action":"run","Package":"p","Test":"TestA"}`,
		`{"Action":"skip","Package":"p","Test":"TestA"}`,
		`{"Action":"skip","Package":"p","Test":"TestB"}`,
		`{"Action":"pass","Package":"p","Test":"TestC"}`,
		`{"Action":"fail","Package":"p","Test":"TestD/row"}`,
		`{"Action":"skip","Package":"without tests"}`,
		`{"Action":"pass","Package":"p","Elapsed":0.5}`,
	}, "\n")
	w := &watcher{run: &run{skips: map[string]string{"p TestB": "needs a moon"}}, said: map[string][]string{}, failed: map[string][]string{}}
	if err := w.read(strings.NewReader(events)); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(w.unlisted, ","); got != "p TestA" {
		t.Errorf("unlisted: want p TestA, got %q", got)
	}
	if want := (tally{passed: 1, failed: 1, skipped: 2}); w.tests != want {
		t.Errorf("want %+v, got %+v", want, w.tests)
	}
}

func TestSkipsNeedAReason(t *testing.T) {
	path := filepath.Join(t.TempDir(), "skips")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# comment\n\np TestA needs a moon\n")
	got, err := readSkips(path)
	if err != nil || got["p TestA"] != "needs a moon" || len(got) != 1 {
		t.Errorf("want one skip with its reason, got %v, %v", got, err)
	}
	write("p TestA\n")
	if _, err := readSkips(path); err == nil {
		t.Error("without a reason: want an error, got none")
	}
}

func TestLongPackagesBeginFirst(t *testing.T) {
	got := strings.Join(longFirst([]string{"tamachi/a", "tamachi/internal/house", "tamachi/b", "tamachi"}), " ")
	if want := "tamachi tamachi/internal/house tamachi/a tamachi/b"; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
}

func TestPackagesWithGoroutinesAreFound(t *testing.T) {
	rows := []struct {
		name, code string
		want       bool
	}{
		{"plain code", "package p\nfunc f() {}\n", false},
		{"a go statement", "package p\nfunc f() { go f() }\n", true},
		{"a lock", "package p\nimport \"sync\"\nvar _ sync.Mutex\n", true},
		{"an errgroup", "package p\nimport _ \"golang.org/x/sync/errgroup\"\n", true},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "p.go"), []byte(row.code), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := concurrent(pkg{Dir: dir, GoFiles: []string{"p.go"}})
			if err != nil || got != row.want {
				t.Errorf("want %v, got %v, %v", row.want, got, err)
			}
		})
	}
}

func TestAPartGoesBesideAnother(t *testing.T) {
	for _, row := range []struct{ name, want string }{
		{"", "unit race e2e+check count"},
		{"check", "check"},
		{"e2e", "e2e"},
		{"check e2e", "e2e+check"},
	} {
		var groups []string
		for _, group := range together(chosen(strings.Fields(row.name))) {
			var names []string
			for _, p := range group {
				names = append(names, p.name)
			}
			groups = append(groups, strings.Join(names, "+"))
		}
		if got := strings.Join(groups, " "); got != row.want {
			t.Errorf("testrun %s: want %s, got %s", row.name, row.want, got)
		}
	}
}
