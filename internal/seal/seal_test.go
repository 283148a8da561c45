package seal

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func open(t *testing.T, o Options) *Box {
	t.Helper()
	b, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func put(t *testing.T, b *Box, secret string) []byte {
	t.Helper()
	sealed, err := b.Seal("test", []byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func wants(t *testing.T, b *Box, sealed []byte, secret string) {
	t.Helper()
	if got, err := b.Open("test", sealed); err != nil || string(got) != secret {
		t.Errorf("want %q, got %q, %v", secret, got, err)
	}
}

func TestSealedValues(t *testing.T) {
	b := Memory()
	sealed := put(t, b, "the secret")
	wants(t, b, sealed, "the secret")
	if bytes.Contains(sealed, []byte("secret")) {
		t.Error("the secret is readable in its sealed form")
	}
	if again := put(t, b, "the secret"); bytes.Equal(sealed, again) {
		t.Error("two values of one secret are the same")
	}
	if _, err := b.Open("another purpose", sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("for another purpose: want ErrSealed, got %v", err)
	}
	if _, err := Memory().Open("test", sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("by another box: want ErrSealed, got %v", err)
	}
	for i := range sealed {
		damaged := bytes.Clone(sealed)
		damaged[i] ^= 1
		if _, err := b.Open("test", damaged); !errors.Is(err, ErrSealed) {
			t.Errorf("byte %d changed: want ErrSealed, got %v", i, err)
		}
	}
}

func TestFilesAreForTheOwnerOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	open(t, Options{Folder: dir})
	for name, want := range map[string]os.FileMode{"": 0o700, keyFile: 0o600, ringFile: 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%q: want mode %o, got %v, %v", name, want, info, err)
		}
	}
	key := filepath.Join(dir, keyFile)
	if err := os.Chmod(key, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Options{Folder: dir}); err == nil || !strings.Contains(err.Error(), "run: chmod 600 "+key) {
		t.Errorf("a key that others can read: want it refused with the way out, got %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) != 0 {
		t.Errorf("temporary files are left: %v", left)
	}
}

func TestMasterKeyIsKeptAndChanged(t *testing.T) {
	first, second := []byte("correct horse battery"), []byte("staple, four words")
	steps := []struct {
		name    string
		o       Options
		fails   bool
		changed bool // a data key more
		file    bool // the key file is there afterwards
	}{
		{"a new folder has a key file", Options{}, false, false, true},
		{"the next start finds it", Options{}, false, false, true},
		{"a passphrase takes its place", Options{Passphrase: first}, false, true, false},
		{"the passphrase opens it again", Options{Passphrase: first}, false, false, false},
		{"without the passphrase it stays shut", Options{}, true, false, false},
		{"a wrong passphrase does not open it", Options{Passphrase: second}, true, false, false},
		{"old and new passphrase change it", Options{Passphrase: second, Old: first}, false, true, false},
		{"the old one opens nothing any more", Options{Passphrase: first}, true, false, false},
		{"a change that was made is not made again", Options{Passphrase: second, Old: first}, false, false, false},
		{"the passphrase is given up for a file", Options{Old: second}, false, true, true},
	}
	dir := t.TempDir()
	var sealed []byte
	for _, step := range steps {
		step.o.Folder = dir
		b, err := Open(step.o)
		if (err != nil) != step.fails || step.fails && !errors.Is(err, ErrMaster) {
			t.Fatalf("%s: want failure %v, got %v", step.name, step.fails, err)
		}
		if _, err := os.Stat(filepath.Join(dir, keyFile)); (err == nil) != step.file {
			t.Errorf("%s: want key file %v, got %v", step.name, step.file, err)
		}
		if step.fails {
			continue
		}
		if got := len(b.Old()) > 0; got != step.changed {
			t.Errorf("%s: want a new data key %v, got %v", step.name, step.changed, got)
		}
		if sealed != nil {
			wants(t, b, sealed, "kept")
		}
		sealed = put(t, b, "kept") // sealed anew
		if err := b.Forget(); err != nil || len(b.Old()) != 0 {
			t.Errorf("%s: forget: %v, left %v", step.name, err, b.Old())
		}
	}
}

// A change of the master key may be cut short after any write.
func TestRenewCutShort(t *testing.T) {
	for name, passphrase := range map[string][]byte{"to another file": nil, "to a passphrase": []byte("correct horse battery")} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			b := open(t, Options{Folder: dir})
			sealed := put(t, b, "kept")
			before := read(t, dir, keyFile)
			oldRing := read(t, dir, ringFile)
			if err := b.Renew(passphrase); err != nil {
				t.Fatal(err)
			}
			after, newRing := read(t, dir, keyFile), read(t, dir, ringFile)
			both := joined(t, oldRing, newRing)
			for moment, state := range map[string]struct{ key, ring string }{
				"before anything": {before, oldRing}, "the ring is wrapped twice": {before, both},
				"the key file is written": {after, both}, "the old key file is not yet removed": {before, newRing},
			} {
				if passphrase == nil && moment == "the old key file is not yet removed" {
					continue // a new key file is written before
				}
				place(t, dir, state.key, state.ring)
				got, err := Open(Options{Folder: dir, Passphrase: passphrase})
				if err != nil {
					t.Errorf("%s: %v", moment, err)
					continue
				}
				wants(t, got, sealed, "kept")
				if s, err := parseRing([]byte(read(t, dir, ringFile))); err != nil || len(s.Wraps) != 1 {
					t.Errorf("%s: want one wrap afterwards, got %v, %v", moment, s, err)
				}
			}
		})
	}
}

// joined is the ring as it is on disk in the middle of a change: the old
// wrap and the new one.
func joined(t *testing.T, oldRing, newRing string) string {
	t.Helper()
	text := strings.Replace(newRing, `"Wraps": [`, `"Wraps": [`+first(t, oldRing)+",", 1)
	if s, err := parseRing([]byte(text)); err != nil || len(s.Wraps) != 2 {
		t.Fatalf("want two wraps, got %v, %v", s, err)
	}
	return text
}

// first is the text of a ring's only wrap.
func first(t *testing.T, ring string) string {
	t.Helper()
	_, after, ok := strings.Cut(ring, `"Wraps": [`)
	if !ok {
		t.Fatalf("no wraps in %s", ring)
	}
	return after[:strings.LastIndex(after, "]")]
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(b)
}

func place(t *testing.T, dir, key, ring string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, keyFile)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{keyFile: key, ringFile: ring} {
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPassphraseFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passphrase")
	for text, ok := range map[string]bool{"correct horse battery\n": true, "short\n": false, "": false} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := ReadPassphrase(path)
		if (err == nil) != ok || ok && string(got) != strings.TrimSpace(text) {
			t.Errorf("%q: want ok %v, got %q, %v", text, ok, got, err)
		}
	}
}

func FuzzParseRing(f *testing.F) {
	f.Add([]byte(`{"Version":1,"Wraps":[{"Keys":[{"ID":"0123456789abcdef","Key":""}]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := parseRing(text)
		if err != nil {
			return
		}
		for _, w := range s.Wraps {
			if _, ok := w.open(&master{key: make([]byte, keyBytes)}); ok {
				t.Errorf("a key of zeros opens %s", text)
			}
		}
	})
}

func FuzzOpen(f *testing.F) {
	b := Memory()
	good, err := b.Seal("test", []byte("secret"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if got, err := b.Open("test", sealed); err == nil && !bytes.Equal(sealed, good) {
			t.Errorf("%x opens as %q", sealed, got)
		}
	})
}
