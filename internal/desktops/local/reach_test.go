package local_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"testing"

	"github.com/vishvananda/netns"
)

// listen makes something listen in a desktop that says hello, until the test
// ends or the desktop does.
func (h *house) listen(t *testing.T, name string, port int) {
	t.Helper()
	d, err := h.Inspect(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	made := make(chan error, 1)
	var l net.Listener
	go func() {
		runtime.LockOSThread() // and never unlocks: the thread ends with the goroutine
		ns, err := netns.GetFromPid(d.PID)
		if err == nil {
			err = errors.Join(netns.Set(ns), ns.Close())
		}
		if err == nil {
			l, err = new(net.ListenConfig).Listen(t.Context(), "tcp4", fmt.Sprintf(":%d", port))
		}
		made <- err
	}()
	if err := <-made; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, "hello")
			c.Close()
		}
	}()
}

// reaches tells whether a desktop reaches a port of another at the address of
// its network.
func (h *house) reaches(t *testing.T, from, to string, port int) bool {
	t.Helper()
	d, err := h.Inspect(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	if h.listening == nil {
		h.listening = map[string]bool{}
	}
	if key := fmt.Sprint(d.PID, port); !h.listening[key] {
		h.listening[key] = true
		h.listen(t, to, port)
	}
	out, _ := h.knock(t, from, d.Addr.String(), fmt.Sprint(port))
	return out == "hello"
}
