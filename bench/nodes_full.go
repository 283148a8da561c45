package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// full opens connections until the plane refuses them, where the fleet comes
// near the number of files that a process may open here.
func (c *crowd) full(ctx context.Context) ([]figure, error) {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		return nil, err
	}
	most, n := int(files.Cur), len(c.nodes)
	if n < most*85/100 {
		return nil, nil
	}
	var open []net.Conn
	defer func() {
		for _, conn := range open {
			conn.Close()
		}
	}()
	refused := 0
	for len(open) < most-n-200 && refused < 20 {
		conn, taken, err := c.knock(ctx)
		if err != nil {
			return nil, err
		}
		if taken {
			open = append(open, conn)
		} else {
			refused++
		}
	}
	text, err := os.ReadFile(c.p.log())
	if err != nil {
		return nil, err
	}
	lines := strings.Count(string(text), "new connections are refused")
	if refused < 20 || lines != 1 {
		return nil, fmt.Errorf("%d connections beside %d nodes: %d were refused, %d lines of log say so", len(open), n, refused, lines)
	}
	return []figure{{
		name: "connections until the plane refuses more", must: "95 % of its files", unit: "", values: []float64{float64(n + len(open))},
		note: fmt.Sprintf("%d nodes and %d others that say nothing, of which the plane has closed the oldest, of %d files; then 20 of 20 refused, one line of log", n, len(open), most),
	}}, nil
}

// knock opens a connection that says nothing, and tells whether the plane took
// it: one that it refuses is reset at once.
func (c *crowd) knock(ctx context.Context) (net.Conn, bool, error) {
	d := net.Dialer{Timeout: 30 * time.Second, LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 10)}}
	conn, err := d.DialContext(ctx, "tcp", c.p.listen)
	if errors.Is(err, syscall.ECONNRESET) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if err := conn.SetReadDeadline(time.Now().Add(3 * time.Millisecond)); err != nil {
		return nil, false, err
	}
	_, err = conn.Read(make([]byte, 1))
	if errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) {
		return nil, false, conn.Close()
	}
	return conn, true, nil
}
