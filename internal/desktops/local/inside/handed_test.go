package inside

import (
	"bytes"
	"errors"
	"io"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// A file that was handed over is closed by nobody but us: the collector of an
// os.File would close its number, which by then may be another file's.
func TestHandedFilesOutliveTheCollector(t *testing.T) {
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	if _, err := handed(ends[1]).Write([]byte("go")); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 2)
	if _, err := io.ReadFull(handed(ends[0]), got); err != nil || string(got) != "go" {
		t.Fatalf("read %q, %v", got, err)
	}
	files, err := handOn(ends[0], ends[1])
	if err != nil {
		t.Fatal(err)
	}
	shut(files)
	for range 3 {
		runtime.GC()
	}
	for _, fd := range ends {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil {
			t.Errorf("file %d was closed behind our back: %v", fd, err)
		}
	}
	if err := unix.Close(ends[1]); err != nil {
		t.Fatal(err)
	}
	if _, err := handed(ends[0]).Read(got); !errors.Is(err, io.EOF) {
		t.Errorf("read at the end: %v, want io.EOF", err)
	}
	if err := unix.Close(ends[0]); err != nil {
		t.Fatal(err)
	}
}

func TestHandedFilesAreReadAnywhere(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "plan")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString("0123456789"); err != nil {
		t.Fatal(err)
	}
	h := handed(f.Fd())
	for range 2 { // each process in turn reads all of it
		text, err := io.ReadAll(io.NewSectionReader(h, 0, 1<<20))
		if err != nil || !bytes.Equal(text, []byte("0123456789")) {
			t.Errorf("read %q, %v", text, err)
		}
	}
	if _, err := handed(-1).Read(make([]byte, 1)); err == nil {
		t.Error("read a file that is not there")
	}
}
