package blob_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tamachi/internal/blob"
	"tamachi/internal/id"
)

// blobs is what both kinds offer.
type blobs interface {
	Create() (blob.Writer, error)
	Copy(id string) (string, error)
	Open(id string) (io.ReadSeekCloser, error)
	Settle(id string) error
	Fresh() ([]string, error)
	Remove(id string) error
}

var (
	_ blobs = (*blob.Folder)(nil)
	_ blobs = (*blob.Memory)(nil)
)

var key = bytes.Repeat([]byte{7}, 32)

func open(t *testing.T, path string) *blob.Folder {
	t.Helper()
	f, err := blob.Open(blob.Options{Path: path, Key: key, IDs: id.Random()})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFolder(t *testing.T) {
	conform(t, func(t *testing.T) blobs { return open(t, filepath.Join(t.TempDir(), "blobs")) })
}

func TestMemory(t *testing.T) {
	conform(t, func(*testing.T) blobs { return blob.NewMemory(id.Random()) })
}

func put(t *testing.T, b blobs, content []byte) string {
	t.Helper()
	w, err := b.Create()
	if err != nil {
		t.Fatal(err)
	}
	for part := range slices.Chunk(content, 70_001) { // crosses the buffer and the cipher's blocks
		if _, err := w.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	name, err := w.Commit()
	if err != nil {
		t.Fatal(err)
	}
	w.Abort() // does nothing any more
	return name
}

func get(t *testing.T, b blobs, name string) []byte {
	t.Helper()
	r, err := b.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// conform is what every kind of store promises.
func conform(t *testing.T, open func(t *testing.T) blobs) {
	large := random(t, 300_007)
	t.Run("what was written is read, also from the middle", func(t *testing.T) {
		b := open(t)
		name := put(t, b, large)
		if !bytes.Equal(get(t, b, name), large) {
			t.Error("the content is not what was written")
		}
		r, err := b.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for _, at := range []int64{0, 1, 15, 16, 17, 65_536, 299_999, 300_007} {
			if n, err := r.Seek(at, io.SeekStart); err != nil || n != at {
				t.Fatalf("seek to %d: %d, %v", at, n, err)
			}
			got, err := io.ReadAll(io.LimitReader(r, 40))
			if want := large[at:min(at+40, int64(len(large)))]; err != nil || !bytes.Equal(got, want) {
				t.Errorf("at %d: got %x, %v, want %x", at, got, err, want)
			}
		}
		if n, err := r.Seek(-7, io.SeekEnd); err != nil || n != 300_000 {
			t.Errorf("seek from the end: got %d, %v", n, err)
		}
		if _, err := r.Seek(-1, io.SeekStart); err == nil {
			t.Error("a seek before the begin is no error")
		}
	})
	t.Run("a blob may be empty", func(t *testing.T) {
		b := open(t)
		if got := get(t, b, put(t, b, nil)); len(got) != 0 {
			t.Errorf("got %d bytes", len(got))
		}
	})
	t.Run("a blob is fresh until it is settled", func(t *testing.T) {
		b := open(t)
		one, two := put(t, b, []byte("one")), put(t, b, []byte("two"))
		for range 2 {
			if err := b.Settle(one); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := b.Fresh(); err != nil || !slices.Equal(got, []string{two}) {
			t.Errorf("fresh: got %v, %v, want %s", got, err, two)
		}
		if string(get(t, b, one)) != "one" || string(get(t, b, two)) != "two" {
			t.Error("settled and fresh blobs can be read")
		}
	})
	t.Run("a copy outlives what it was copied from", func(t *testing.T) {
		b := open(t)
		one := put(t, b, large)
		two, err := b.Copy(one)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Remove(one); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(get(t, b, two), large) {
			t.Error("the copy is not the same")
		}
	})
	t.Run("a removed blob is gone, but who has it open reads on", func(t *testing.T) {
		b := open(t)
		name := put(t, b, large)
		if err := b.Settle(name); err != nil {
			t.Fatal(err)
		}
		r, err := b.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for range 2 {
			if err := b.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := b.Open(name); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("open: got %v, want ErrNotFound", err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, large) {
			t.Errorf("the open reader: %d bytes, %v", len(got), err)
		}
	})
	t.Run("an aborted writer leaves nothing", func(t *testing.T) {
		b := open(t)
		w, err := b.Create()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(large); err != nil {
			t.Fatal(err)
		}
		w.Abort()
		if _, err := w.Commit(); err == nil {
			t.Error("a commit after an abort is no error")
		}
		if got, err := b.Fresh(); err != nil || len(got) != 0 {
			t.Errorf("fresh: got %v, %v", got, err)
		}
	})
	t.Run("names that are no ids are not found", func(t *testing.T) {
		b := open(t)
		for _, name := range []string{"", "x", "../../../../../../../etc/passwd", "../kept/0123456789abcdef0123456", "0123456789ABCDEF0123456789ABCDEF"} {
			if _, err := b.Open(name); !errors.Is(err, blob.ErrNotFound) {
				t.Errorf("open %q: got %v", name, err)
			}
			if _, err := b.Copy(name); !errors.Is(err, blob.ErrNotFound) {
				t.Errorf("copy %q: got %v", name, err)
			}
			if err := b.Settle(name); !errors.Is(err, blob.ErrNotFound) {
				t.Errorf("settle %q: got %v", name, err)
			}
			if err := b.Remove(name); err != nil {
				t.Errorf("remove %q: got %v", name, err)
			}
		}
	})
}

func random(t *testing.T, n int) []byte {
	t.Helper()
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFolderAfterAnEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "blobs")
	f := open(t, path)
	kept, fresh := put(t, f, []byte("kept")), put(t, f, []byte("fresh"))
	if err := f.Settle(kept); err != nil {
		t.Fatal(err)
	}
	w, err := f.Create()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("never finished")); err != nil {
		t.Fatal(err)
	}

	again := open(t, path)
	if left, err := os.ReadDir(filepath.Join(path, "writing")); err != nil || len(left) != 0 {
		t.Errorf("unfinished blobs are left: %v, %v", left, err)
	}
	if got, err := again.Fresh(); err != nil || !slices.Equal(got, []string{fresh}) {
		t.Errorf("fresh: got %v, %v, want %s", got, err, fresh)
	}
	if string(get(t, again, kept)) != "kept" {
		t.Error("a settled blob is not what it was")
	}
}

func TestFolderKeepsNothingPlain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "blobs")
	f := open(t, path)
	secret := bytes.Repeat([]byte("a secret of the office"), 1000)
	put(t, f, secret)
	name := put(t, f, secret)
	content, err := os.ReadFile(filepath.Join(path, "fresh", name))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(content, []byte("secret")) {
		t.Error("the file shows what is in the blob")
	}
	other, err := blob.Open(blob.Options{Path: path, Key: bytes.Repeat([]byte{8}, 32), IDs: id.Random()})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(get(t, other, name), secret) {
		t.Error("another key opens the blob")
	}
	info, err := os.Stat(filepath.Join(path, "fresh", name))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode: got %v, %v, want 0600", info.Mode(), err)
	}
}

func TestOpenRefusesAShortKey(t *testing.T) {
	if _, err := blob.Open(blob.Options{Path: t.TempDir(), Key: []byte("short"), IDs: id.Random()}); err == nil {
		t.Error("a key of 5 bytes is no error")
	}
}
