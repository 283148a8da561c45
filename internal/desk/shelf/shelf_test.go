package shelf

import (
	"os"
	"path/filepath"
	"testing"
)

func shelfIn(t *testing.T, dir string) Shelf {
	t.Helper()
	s, err := In(func(k string) string { return map[string]string{"XDG_STATE_HOME": dir}[k] })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestShelfRemembers(t *testing.T) {
	dir := t.TempDir()
	s := shelfIn(t, dir)
	plane := Target{"111122223333", "ap-northeast-1", "http://127.0.0.1:4566"}
	var got string
	if found, err := s.Read("x", plane, &got); found || err != nil {
		t.Fatalf("want nothing remembered, got %t, %v", found, err)
	}
	if err := s.Write("x", plane, "first"); err != nil {
		t.Fatal(err)
	}
	if err := s.Write("x", plane, "second"); err != nil {
		t.Fatal(err)
	}
	if found, err := s.Read("x", plane, &got); !found || err != nil || got != "second" {
		t.Fatalf("want second, got %t, %q, %v", found, got, err)
	}
	for _, other := range []Target{
		{"111122223333", "ap-northeast-1", ""},
		{"111122223333", "us-east-1", plane.Endpoint},
		{"444455556666", "ap-northeast-1", plane.Endpoint},
	} {
		if found, _ := s.Read("x", other, &got); found {
			t.Errorf("want nothing remembered of %v", other)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "tamachi", "desk", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("want one file, got %v, %v", files, err)
	}
	info, err := os.Stat(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("want mode 0600, got %o", info.Mode().Perm())
	}
	if err := s.Remove("x", plane); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove("x", plane); err != nil {
		t.Errorf("want no error for what is forgotten already, got %v", err)
	}
}

func TestShelfStaysInItsFolder(t *testing.T) {
	dir := t.TempDir()
	s := shelfIn(t, dir)
	if err := s.Write("x", Target{Account: "../../../etc/passwd", Region: "/"}, 1); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "tamachi", "desk", "x-*.json"))
	if len(files) != 1 {
		t.Errorf("want the file in the folder, got %v", files)
	}
}

func TestBrokenFileIsAnError(t *testing.T) {
	dir := t.TempDir()
	s := shelfIn(t, dir)
	if err := s.Write("x", Target{}, 1); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "tamachi", "desk", "x-*.json"))
	if err := os.WriteFile(files[0], []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	var v int
	if _, err := s.Read("x", Target{}, &v); err == nil {
		t.Error("want an error for half a file")
	}
}

func TestNoHomeIsAnError(t *testing.T) {
	if _, err := In(func(string) string { return "" }); err == nil {
		t.Error("want an error without a home")
	}
}
