package wire

import (
	"bufio"
	"crypto/tls"
	"net"
	"sync"
	"time"
)

// firstByteTimeout is how long a connection may be silent before it is closed.
const firstByteTimeout = 10 * time.Second

// recordHandshake is the first byte of TLS (RFC 8446, section 5.1).
const recordHandshake = 0x16

// Split tells HTTP and TLS apart on one port by a connection's first byte and
// yields a *tls.Conn for TLS, so that net/http can speak HTTP/2 on it. The byte
// is awaited in the connection's own goroutine, so that a silent client holds
// up nobody; Close waits for those goroutines.
func Split(inner net.Listener, config *tls.Config) net.Listener {
	s := &split{
		Listener: inner, config: config,
		ready: make(chan net.Conn), failed: make(chan error, 1), closed: make(chan struct{}),
		silent: make(map[net.Conn]struct{}),
	}
	s.wg.Go(s.accept)
	return s
}

type split struct {
	net.Listener
	config *tls.Config

	ready  chan net.Conn
	failed chan error // the error that ended accept
	closed chan struct{}
	once   sync.Once
	wg     sync.WaitGroup

	mu     sync.Mutex
	silent map[net.Conn]struct{} // guarded by mu; connections without a first byte
}

// Accept returns the next connection that has begun to speak.
func (s *split) Accept() (net.Conn, error) {
	select {
	case c := <-s.ready:
		return c, nil
	case err := <-s.failed:
		s.failed <- err // for the next call too
		return nil, err
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

// Close stops listening and closes the connections that nobody took.
func (s *split) Close() error {
	err := s.Listener.Close()
	s.once.Do(func() {
		close(s.closed)
		s.mu.Lock()
		for c := range s.silent {
			c.Close()
		}
		s.mu.Unlock()
	})
	s.wg.Wait()
	return err
}

func (s *split) accept() {
	for {
		conn, err := s.Listener.Accept()
		if err != nil {
			if temporary(err) { // out of descriptors: wait until one is free
				select {
				case <-time.After(50 * time.Millisecond):
					continue
				case <-s.closed:
				}
			}
			s.failed <- err
			return
		}
		s.wg.Go(func() { s.greet(conn) })
	}
}

func temporary(err error) bool {
	ne, ok := err.(interface{ Temporary() bool })
	return ok && ne.Temporary()
}

// greet waits for the first byte and passes the connection on.
func (s *split) greet(conn net.Conn) {
	s.mu.Lock()
	s.silent[conn] = struct{}{}
	s.mu.Unlock()
	late := time.AfterFunc(firstByteTimeout, func() { conn.Close() })
	select {
	case <-s.closed: // it came while Close was closing the others
		conn.Close()
	default:
	}
	reader := bufio.NewReaderSize(conn, 16)
	first, err := reader.Peek(1)
	s.mu.Lock()
	delete(s.silent, conn)
	s.mu.Unlock()
	if !late.Stop() || err != nil {
		conn.Close()
		return
	}
	var spoken net.Conn = &prefixed{Conn: conn, first: reader}
	if first[0] == recordHandshake {
		spoken = tls.Server(spoken, s.config)
	}
	select {
	case s.ready <- spoken:
	case <-s.closed:
		conn.Close()
	}
}
