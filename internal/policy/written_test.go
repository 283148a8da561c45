package policy

import (
	"encoding/json"
	"testing"
)

func TestStatementsAreAddedAndRemovedBySid(t *testing.T) {
	rows := []struct{ name, text, want string }{
		{"a list", `{"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"a", "Effect":"Allow"}]}`, `{"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"a","Effect":"Allow"},{"Sid":"b"}]}`},
		{"one statement without a list", `{"Statement":{"Sid":"a"}}`, `{"Statement":[{"Sid":"a"},{"Sid":"b"}]}`},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			w, err := ReadWritten(r.text)
			if err != nil || !w.Has("a") || w.Has("b") {
				t.Fatalf("want statement a alone, got %+v, %v", w, err)
			}
			if err := w.Add(map[string]any{"Sid": "b"}); err != nil {
				t.Fatal(err)
			}
			if got, err := w.Text(); err != nil || got != r.want {
				t.Errorf("want %s, got %s, %v", r.want, got, err)
			}
			if !w.Remove("a") || w.Remove("a") || !w.Has("b") {
				t.Errorf("want b alone, got %+v", w)
			}
		})
	}
	if _, err := ReadWritten("["); err == nil {
		t.Error("no document: want an error, got none")
	}
}

// FuzzWritten reads what is no policy too, and writes what it can read.
func FuzzWritten(f *testing.F) {
	for _, text := range []string{"", "{}", `{"Statement":{}}`, `{"Statement":[1,{"Sid":2}]}`, `{"Version":1}`} {
		f.Add(text, "a")
	}
	f.Fuzz(func(t *testing.T, text, sid string) {
		w, err := ReadWritten(text)
		if err != nil {
			return
		}
		w.Remove(sid)
		got, err := w.Text()
		if err == nil && !json.Valid([]byte(got)) {
			t.Errorf("want JSON, got %q", got)
		}
	})
}
