package local

import (
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tamachi/internal/desktops/local/inside"
)

// A display server that has just come up may be silent for a while.
func TestANewDisplayMaySpeakLate(t *testing.T) {
	folder, err := os.MkdirTemp("", "tamachi-display") // a socket's name is short
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	socket := filepath.Join(folder, signalsFolder, inside.Socket)
	if err := os.MkdirAll(filepath.Dir(socket), 0o700); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			time.AfterFunc(banner+banner/2, func() {
				_, _ = c.Write([]byte("RFB 003.008\n"))
				c.Close()
			})
		}
	}()
	if err := answers(t.Context(), folder); err == nil {
		t.Error("want one that is silent for so long to be found sick")
	}
	if err := speaks(t.Context(), folder); err != nil {
		t.Errorf("want it waited for, got %v", err)
	}
}
