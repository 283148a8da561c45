package volume

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// A process that ends with its parent ends with the thread that began it. Threads
// end here whenever a network's namespace was entered; what looks into a volume
// meanwhile goes on.
func TestAReaderOutlivesOtherThreads(t *testing.T) {
	folder := t.TempDir()
	exe, gate := filepath.Join(folder, "reader"), filepath.Join(folder, "gate")
	if err := syscall.Mkfifo(gate, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(exe, []byte("#!/bin/sh\nexec 3<"+gate+"\nread word <&3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		done := make(chan error, 1)
		go func() { done <- Files{Exe: exe}.read(t.Context(), Reading{}) }()
		open, err := os.OpenFile(gate, os.O_WRONLY, 0) // when the reader is there
		if err != nil {
			t.Fatal(err)
		}
		for range 200 {
			ended := make(chan struct{})
			go func() {
				runtime.LockOSThread() // and never unlocks: the thread ends with the goroutine
				close(ended)
			}()
			<-ended
		}
		_, err = open.WriteString("go\n")
		if failed := <-done; failed != nil || err != nil {
			t.Fatalf("want the reader to end by itself, got %v, %v", failed, err)
		}
		open.Close()
	}
}
