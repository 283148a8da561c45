package inside

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func TestWhatIsSaidIsHeardAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	e := &ear{pipe: filepath.Join(dir, "heard")}
	speaks := func() (say func(b ...byte), end func()) {
		plane, desktop := net.Pipe()
		done := make(chan struct{})
		go func() { e.hear(desktop); close(done) }()
		return func(b ...byte) {
				for _, piece := range [][]byte{b, nil} { // once the second is read, the first is done with
					if _, err := plane.Write(piece); err != nil {
						t.Error(err)
					}
				}
			}, func() {
				plane.Close()
				<-done
			}
	}
	say, end := speaks()
	say(1, 2) // while nothing is there
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, e.pipe); err != nil {
		t.Fatal(err)
	}
	say(1, 2) // while the user has put a link there
	if err := os.Rename(secret, e.pipe); err != nil {
		t.Fatal(err)
	}
	say(1, 2) // and a file
	if b, err := os.ReadFile(e.pipe); err != nil || string(b) != "kept" {
		t.Errorf("a file in the pipe's place: got %q, %v", b, err)
	}
	if err := os.Remove(e.pipe); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mkfifo(e.pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	say(3, 4) // while no program listens
	program, err := unix.Open(e.pipe, unix.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	heard := func(want ...byte) {
		t.Helper()
		got := make([]byte, 2*most)
		n, err := unix.Read(program, got)
		if err != nil || !bytes.Equal(got[:n], want) {
			t.Errorf("heard: want %v, got %v, %v", want, got[:max(n, 0)], err)
		}
	}
	other, endOther := speaks()
	say(5)
	say(6, 7)
	say(8)
	other(9, 9)
	end()
	heard(5, 6, 7, 8)
	other(10, 11)
	endOther()
	heard(10, 11)
	if err := unix.Close(program); err != nil {
		t.Fatal(err)
	}
	if program, err = unix.Open(e.pipe, unix.O_RDONLY|unix.O_NONBLOCK, 0); err != nil {
		t.Fatal(err)
	}
	defer unix.Close(program)
	say, end = speaks()
	for range 20 { // nobody reads: at most so much waits
		say(make([]byte, most/8)...)
	}
	end()
	if n, err := unix.Read(program, make([]byte, 4*most)); err != nil || n > most {
		t.Errorf("what waits: want at most %d bytes, got %d, %v", most, n, err)
	}
}
