package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module makes a module of one package with a test, and works in it.
func module(t *testing.T, code string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module m\n\ngo 1.26\n", "m_test.go": code} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

const head = `package m

import (
	"os"
	"testing"
)

func once() bool { _, err := os.Stat("tried"); os.WriteFile("tried", nil, 0o600); return err != nil }
`

func TestWhatFailsOnceIsTriedAgainAndNamed(t *testing.T) {
	rows := []struct {
		name, code string
		good       bool
		want       tally
	}{
		{"a row that fails the first time", `func TestA(t *testing.T) {
	t.Run("fine", func(*testing.T) {})
	t.Run("row (1)", func(t *testing.T) { if once() { t.Error("busy") } })
}`, true, tally{passed: 3}},
		{"a row that always fails", `func TestA(t *testing.T) {
	t.Run("row", func(t *testing.T) { t.Error("wrong") })
}`, false, tally{failed: 2}},
		{"a panic", `func TestA(t *testing.T) { if once() { panic("fault") } }`, false, tally{failed: 1}},
		{"more than a busy machine explains", `func TestA(t *testing.T) {
	first := once()
	for _, name := range []string{"a", "b", "c", "d"} {
		t.Run(name, func(t *testing.T) { if first { t.Error("wrong") } })
	}
}`, false, tally{failed: 5}},
		{"a process that ends the tests", `func TestA(t *testing.T) { if once() { os.Exit(3) } }`, false, tally{}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			module(t, head+row.code+"\n")
			r := &run{}
			err := r.test([]string{"m"})
			if (err == nil) != row.good || r.tests != row.want {
				t.Errorf("want good %v with %+v, got %v with %+v", row.good, row.want, err, r.tests)
			}
			if row.good != slices.Contains(r.wavering, "m TestA/row_(1)") {
				t.Errorf("wavering: got %s", strings.Join(r.wavering, ", "))
			}
		})
	}
}

// TestLanesAreCountedTogether: what fails in one lane is tried again when the
// other is done, and both are counted.
func TestLanesAreCountedTogether(t *testing.T) {
	module(t, head+`func TestA(t *testing.T) { if once() { t.Error("busy") } }`+"\n")
	if err := os.Mkdir("n", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("n/n_test.go", []byte("package n\n\nimport \"testing\"\n\nfunc TestB(*testing.T) {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := &run{}
	if err := r.beside(lane{[]string{"m"}, nil}, lane{[]string{"m/n"}, nil}); err != nil {
		t.Error(err)
	}
	if want := (tally{passed: 2}); r.tests != want || len(r.wavering) != 1 {
		t.Errorf("want %+v and one that wavered, got %+v and %q", want, r.tests, r.wavering)
	}
	if r.beside(lane{[]string{"m/n"}, nil}, lane{nil, nil}) == nil {
		t.Error("a lane without packages: want an error, got none")
	}
}
