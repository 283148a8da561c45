package recording

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"tamachi/internal/id"
)

func shelf(t testing.TB) *Shelf {
	t.Helper()
	s, err := Open(Options{Path: filepath.Join(t.TempDir(), "recordings"), Key: bytes.Repeat([]byte{7}, 32), IDs: id.Seeded(1)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// picture is a message that paints a small screen in one colour.
func picture(shade byte) []byte {
	m := []byte{0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 2, 0, 0, 0, 0}
	return append(m, bytes.Repeat([]byte{shade}, 2*2*Pixel)...)
}

// film writes three chunks, of which the first and the third are keys.
func film(t testing.TB, s *Shelf) {
	t.Helper()
	w, err := s.Append("rec-a", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []func() error{
		func() error { return w.Add(10, true, Resized(2, 2)) },
		func() error { return w.Add(10, false, picture(1)) },
		w.Flush,
		func() error { return w.Add(1200, false, picture(2)) },
		w.Flush,
		func() error { return w.Add(2500, true, Resized(2, 2)) },
		func() error { return w.Add(2500, false, picture(3)) },
		w.Close,
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatIsRecordedIsRead(t *testing.T) {
	s := shelf(t)
	film(t, s)
	r, err := s.Open("rec-a")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	chunks := r.Chunks()
	if len(chunks) != 3 || !chunks[0].Key || chunks[1].Key || !chunks[2].Key || chunks[2].Last != 2500 {
		t.Fatalf("got chunks %+v", chunks)
	}
	packed, err := r.Packed(2)
	if err != nil {
		t.Fatal(err)
	}
	list, err := Messages(packed)
	if err != nil || len(list) != 2 || list[1].At != 2500 || !bytes.Equal(list[1].Data, picture(3)) {
		t.Errorf("the last chunk: got %v, %v", list, err)
	}
	path := filepath.Join(s.o.Path, "rec-a.tmrec")
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 || st.Size() != r.Size() {
		t.Errorf("the file: got %v, %v, want mode 0600 and %d bytes", st.Mode(), err, r.Size())
	}
	if err := errors.Join(s.Remove("rec-a"), s.Remove("rec-a")); err != nil {
		t.Errorf("remove twice: %v", err)
	}
	if _, err := s.Open("rec-a"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("open what was removed: got %v", err)
	}
	if _, err := s.Open("../rec-a"); err == nil {
		t.Error("a name with a way out of the folder was taken")
	}
}

// A writer that was killed leaves a file that is cut anywhere.
func TestARecordingThatIsCutShortIsWholeUpToThere(t *testing.T) {
	s := shelf(t)
	film(t, s)
	path := filepath.Join(s.o.Path, "rec-a.tmrec")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(whole) {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		w, err := s.Append("rec-a", 1<<20)
		if err != nil {
			t.Fatalf("go on after %d bytes: %v", cut, err)
		}
		before := w.number
		if err := errors.Join(w.Add(5000, true, Resized(2, 2)), w.Close()); err != nil {
			t.Fatal(err)
		}
		r, err := s.Open("rec-a")
		if err != nil {
			t.Fatalf("read after %d bytes: %v", cut, err)
		}
		if len(r.Chunks()) != before+1 {
			t.Errorf("after %d bytes: %d chunks, want %d", cut, len(r.Chunks()), before+1)
		}
		for n := range r.Chunks() {
			if _, err := r.Packed(n); err != nil {
				t.Errorf("after %d bytes, chunk %d: %v", cut, n, err)
			}
		}
		r.Close()
	}
}

func TestWhatWasTouchedDoesNotOpen(t *testing.T) {
	s := shelf(t)
	film(t, s)
	path := filepath.Join(s.o.Path, "rec-a.tmrec")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first := len(magic) + headSize + int(func() uint32 { c, _ := parseHead(whole[len(magic):]); return c.size }())
	rows := map[string][]byte{
		"a byte of a body":          func() []byte { b := bytes.Clone(whole); b[len(b)-1] ^= 1; return b }(),
		"a time in a head":          func() []byte { b := bytes.Clone(whole); b[len(magic)+12] ^= 1; return b }(),
		"the first chunk taken out": append([]byte(magic), whole[first:]...),
	}
	for name, content := range rows {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := s.Open("rec-a")
		for n := 0; err == nil && n < len(r.Chunks()); n++ {
			_, err = r.Packed(n)
		}
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: got %v, want it damaged", name, err)
		}
	}
}

func TestARecordingIsBounded(t *testing.T) {
	s := shelf(t)
	w, err := s.Append("rec-b", 100)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Add(0, true, Resized(2, 2)), w.Flush()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Add(1, false, picture(9)), w.Close()); !errors.Is(err, ErrLarge) {
		t.Errorf("got %v, want it to be too large", err)
	}
	r, err := s.Open("rec-b")
	if err != nil || len(r.Chunks()) != 1 || r.Size() > 100 {
		t.Errorf("what there was before: got %v, %v", r, err)
	}
	full := *s
	full.o.Spare = 1 << 62
	if err := full.Room(); !errors.Is(err, ErrFull) {
		t.Errorf("a disk with too little free: got %v", err)
	}
}

func FuzzReader(f *testing.F) {
	s := shelf(f)
	film(f, s)
	path := filepath.Join(s.o.Path, "rec-a.tmrec")
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, content []byte) {
		chunks, end, err := index(bytes.NewReader(content), int64(len(content)))
		if err == nil && (end > int64(len(content)) || end < int64(len(magic))) {
			t.Errorf("%d chunks end at %d of %d", len(chunks), end, len(content))
		}
		seal, _ := newSealer(make([]byte, 32))
		r := &Reader{seal: seal, chunks: chunks}
		for n, c := range chunks {
			if _, err := r.seal.open(n, c, content[c.at+headSize:c.at+headSize+int64(c.size)]); err == nil {
				t.Error("a chunk opens with a key that nobody has")
			}
		}
	})
}

func FuzzMessages(f *testing.F) {
	packed, err := pack(append([]byte{0, 0, 0, 1, 0, 0, 0, 32}, picture(4)...))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, packed []byte) {
		list, err := Messages(packed)
		if err != nil {
			return
		}
		for _, m := range list {
			if seen, err := Look(m.Data); err == nil && seen.Pixels*Pixel < 0 {
				t.Errorf("got %+v", seen)
			}
		}
	})
}
