package wire

import (
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"
	"syscall"
)

// Limit refuses connections while the process has nearly used up the files
// that it may open (RLIMIT_NOFILE): beyond 95 of a hundred a new connection is
// closed at once, and one line of log says so until there is room again. What
// is connected goes on, and the store and providers keep files to open.
func Limit(inner net.Listener, log *slog.Logger) net.Listener {
	var have syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &have) != nil {
		return inner
	}
	return &limited{Listener: inner, most: have.Cur / 100 * 95, files: have.Cur, log: log}
}

type limited struct {
	net.Listener
	most, files uint64
	log         *slog.Logger
	full        atomic.Bool // said so already
}

// Accept returns the next connection for which there is room.
func (l *limited) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		number := descriptor(conn)
		if number < l.most {
			if number < l.most/100*95 && l.full.Load() {
				l.full.Store(false)
			}
			return conn, nil
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // a reset: the client knows at once
		}
		conn.Close()
		if !l.full.Swap(true) {
			l.log.Warn("new connections are refused: nearly all files that this process may open are in use; raise the limit (ulimit -n, LimitNOFILE)",
				slog.String("resource", fmt.Sprintf("%s, %d of %d files", l.Addr(), number, l.files)))
		}
	}
}

// descriptor is the number of a connection's file. The kernel gives the lowest
// that is free, so that as many are open at least.
func descriptor(conn net.Conn) (number uint64) {
	raw, ok := conn.(syscall.Conn)
	if !ok {
		return 0
	}
	c, err := raw.SyscallConn()
	if err != nil {
		return 0
	}
	_ = c.Control(func(fd uintptr) { number = uint64(fd) })
	return number
}
