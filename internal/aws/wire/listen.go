package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"
)

// firstByteTimeout is how long a connection may be silent before it is closed.
const firstByteTimeout = 10 * time.Second

// recordHandshake is the first byte of TLS (RFC 8446, section 5.1), sequence that
// of an LDAP message (RFC 4511, section 5.1); HTTP begins with a letter.
const (
	recordHandshake = 0x16
	sequence        = 0x30
)

// Aside takes the connections of directories' clients off the plane's port.
type Aside interface {
	// Named tells whether a client that asks for this name by TLS wants it.
	Named(serverName string) bool
	// Guest serves a connection until it ends.
	Guest(conn net.Conn)
}

// Split tells HTTP, TLS and LDAP apart on one port by a connection's first byte
// and yields a *tls.Conn for TLS, so that net/http can speak HTTP/2 on it. LDAP,
// and TLS with the name of a directory, go to aside; nil is nobody. The byte is
// awaited in the connection's own goroutine, and so is the handshake, so that a
// silent client holds up nobody; Close waits for those goroutines.
func Split(inner net.Listener, config *tls.Config, aside Aside) net.Listener {
	s := newSplit(inner, config, aside)
	s.wg.Go(s.accept)
	return s
}

// SplitTLS is Split for an address at which nobody may speak HTTP without TLS.
func SplitTLS(inner net.Listener, config *tls.Config, aside Aside) net.Listener {
	s := newSplit(inner, config, aside)
	s.secret = true
	s.wg.Go(s.accept)
	return s
}

func newSplit(inner net.Listener, config *tls.Config, aside Aside) *split {
	return &split{
		Listener: inner, config: config, aside: aside,
		ready: make(chan net.Conn), failed: make(chan error, 1), closed: make(chan struct{}),
		silent: make(map[net.Conn]struct{}),
	}
}

type split struct {
	net.Listener
	config *tls.Config
	aside  Aside
	secret bool // HTTP without TLS is not heard

	ready  chan net.Conn
	failed chan error // the error that ended accept
	closed chan struct{}
	once   sync.Once
	wg     sync.WaitGroup

	mu     sync.Mutex
	silent map[net.Conn]struct{} // guarded by mu; connections that have not said yet what they speak
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

// greet waits until it is known what a connection speaks and passes it on.
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
	spoken, theirs, err := s.hear(conn)
	s.mu.Lock()
	delete(s.silent, conn)
	s.mu.Unlock()
	if !late.Stop() || err != nil {
		conn.Close()
		return
	}
	if theirs {
		s.aside.Guest(spoken)
		return
	}
	select {
	case s.ready <- spoken:
	case <-s.closed:
		conn.Close()
	}
}

// errPlain reports a client that speaks HTTP where TLS must be.
var errPlain = errors.New("there is no TLS")

// hear finds out what a connection speaks; theirs tells that it is not HTTP.
func (s *split) hear(conn net.Conn) (spoken net.Conn, theirs bool, err error) {
	reader := bufio.NewReaderSize(conn, 16)
	first, err := reader.Peek(1)
	if err != nil {
		return nil, false, err
	}
	spoken = &prefixed{Conn: conn, first: reader}
	switch {
	case first[0] == recordHandshake:
		over := tls.Server(spoken, s.config)
		if s.aside == nil {
			return over, false, nil
		}
		if err := over.HandshakeContext(context.Background()); err != nil { // late and Close end it
			return nil, false, err
		}
		return over, s.aside.Named(over.ConnectionState().ServerName), nil
	case first[0] == sequence && s.aside != nil:
		return spoken, true, nil
	case s.secret:
		return nil, false, errPlain
	}
	return spoken, false, nil
}
