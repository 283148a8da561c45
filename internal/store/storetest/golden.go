package storetest

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tamachi/internal/store"
)

// Golden compares the stored form of a record (key, indexes, data) with
// testdata/<table name>.golden.json of the package under test. A difference
// means that stores in the field would need a migration. Give the record a
// value in every field. `go test -update` writes the file anew.
func Golden[R any](t *testing.T, table *store.Table[R], record *R) {
	t.Helper()
	golden(t, table.Name, table.Form, record)
}

// GoldenLine is Golden for a record of a journal.
func GoldenLine[R any](t *testing.T, journal *store.Journal[R], record *R) {
	t.Helper()
	golden(t, journal.Name, journal.Form, record)
}

func golden[R any](t *testing.T, name string, formOf func(*R) (store.Form, error), record *R) {
	t.Helper()
	form, err := formOf(record)
	if err != nil {
		t.Fatalf("form of a record of table %s: %v", name, err)
	}
	got, err := json.MarshalIndent(form, "", "  ")
	if err != nil {
		t.Fatalf("encode the form: %v", err)
	}
	got = append(got, '\n')
	path := filepath.Join("testdata", name+".golden.json")
	if Update() {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("read the golden file (write it with -update): %v", err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("stored form of table %s changed, which needs a migration (-want +got):\n%s", name, d)
	}
	back := new(R)
	if err := json.Unmarshal(form.Data, back); err != nil {
		t.Fatalf("the stored form does not decode: %v", err)
	}
	again, err := formOf(back)
	if err != nil {
		t.Fatalf("form of the decoded record: %v", err)
	}
	if d := cmp.Diff(string(form.Data), string(again.Data)); d != "" {
		t.Errorf("a record of table %s is not the same after a round trip (-want +got):\n%s", name, d)
	}
}

// updateFlag is nil when another package already declared -update.
var updateFlag = declareUpdate()

func declareUpdate() *bool {
	if flag.Lookup("update") != nil {
		return nil
	}
	return flag.Bool("update", false, "write golden files anew")
}

// Update tells whether the test was started with -update. Other golden helpers
// ask here, for a flag can be declared only once.
func Update() bool {
	if updateFlag != nil {
		return *updateFlag
	}
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}
