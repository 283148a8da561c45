package wire

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestNewConnectionsAreRefusedBeforeFilesRunOut runs this binary again, as a
// process that may open few files.
func TestNewConnectionsAreRefusedBeforeFilesRunOut(t *testing.T) {
	if os.Getenv("WIRE_TEST_FILES") != "" {
		fewFiles(t)
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "WIRE_TEST_FILES=yes")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("with few files: %v\n%s", err, out)
	}
}

// fewFiles fills a listener of a process with 300 files, 285 of which it may
// use. Both ends of each connection are in it.
func fewFiles(t *testing.T) {
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 300, Max: 300}); err != nil {
		t.Fatal(err)
	}
	inner, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	l := Limit(inner, slog.New(slog.NewTextHandler(&said, nil)))
	var mu sync.Mutex
	var kept []net.Conn // guarded by mu
	var failed error
	ended := make(chan bool)
	go func() {
		defer close(ended)
		for {
			conn, err := l.Accept()
			if err != nil {
				failed = err
				return
			}
			_, _ = conn.Write([]byte("."))
			mu.Lock()
			kept = append(kept, conn)
			mu.Unlock()
		}
	}()
	// dial tells whether the connection was taken.
	dial := func() (net.Conn, bool) {
		conn, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(t.Context(), "tcp", l.Addr().String())
		if errors.Is(err, syscall.ECONNRESET) { // refused before the dial was done
			return nil, false
		}
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, err = io.ReadFull(conn, make([]byte, 1)); err == nil {
			return conn, true
		}
		conn.Close()
		return nil, false
	}
	var mine []net.Conn
	for {
		conn, ok := dial()
		if !ok {
			break
		}
		if mine = append(mine, conn); len(mine) > 150 {
			t.Fatal("nothing was refused")
		}
	}
	if len(mine) < 120 {
		t.Errorf("refused after %d connections, two files each", len(mine))
	}
	for range 5 {
		if _, ok := dial(); ok {
			t.Error("one more was taken")
		}
	}
	// What is connected goes on; once there is room others are taken again.
	if _, err := mine[0].Write([]byte("x")); err != nil {
		t.Error(err)
	}
	for _, conn := range mine[50:] {
		conn.Close()
	}
	mu.Lock()
	for _, conn := range kept[50:] {
		conn.Close()
	}
	mu.Unlock()
	if _, ok := dial(); !ok {
		t.Error("refused though there is room")
	}
	l.Close()
	<-ended
	if !errors.Is(failed, net.ErrClosed) {
		t.Errorf("Accept: got %v", failed)
	}
	if got := said.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "raise the limit (ulimit -n, LimitNOFILE)") || !strings.Contains(got, "of 300 files") {
		t.Errorf("the log: want one line, got\n%s", got)
	}
}
