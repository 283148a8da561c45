package wire

import (
	"crypto/tls"
	"errors"
	"net"
	"sync"
)

const (
	// record is how much TLS takes of a write at once (RFC 8446, section 5.1),
	// and about what it reads.
	record = 16 << 10
	// atOnce is how much is read at once of a peer that sends much.
	atOnce = 64 << 10
)

// bulk lies between TLS and its connection: it makes one write of the many of
// a large message, and reads ahead while the peer sends much. It keeps buffers
// only that long, since most conversations are silent.
type bulk struct {
	net.Conn

	mu     sync.Mutex
	gather bool   // guarded by mu
	out    []byte // guarded by mu; written, and kept for together

	in   []byte // of the one who reads; nil unless the peer sends much
	rest []byte // of in, not taken yet
	much bool   // the last read filled what it was given
}

// whole is a TLS connection over a bulk.
type whole struct {
	net.Conn
	under *bulk
}

// inBulk readies the connection of a conversation for large messages.
func inBulk(conn net.Conn) net.Conn {
	secure, ok := conn.(*tls.Conn)
	if !ok {
		return conn
	}
	under, ok := secure.NetConn().(*prefixed)
	if !ok {
		return conn
	}
	b := &bulk{Conn: under.Conn}
	under.Conn = b
	return &whole{Conn: conn, under: b}
}

// Write writes a message in one piece.
func (w *whole) Write(p []byte) (n int, err error) {
	if len(p) <= record {
		return w.Conn.Write(p)
	}
	w.under.begin()
	n, err = w.Conn.Write(p)
	return n, errors.Join(err, w.under.end())
}

func (b *bulk) begin() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gather = true
}

// end writes what was gathered.
func (b *bulk) end() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, err := b.Conn.Write(b.out)
	b.gather, b.out = false, b.out[:0]
	return err
}

// Write writes, or keeps it for end. One that is small lets go of the buffer of
// a large one.
func (b *bulk) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gather {
		b.out = append(b.out, p...)
		return len(p), nil
	}
	b.out = nil
	return b.Conn.Write(p)
}

// Read reads, ahead where there is much.
func (b *bulk) Read(p []byte) (int, error) {
	if len(b.rest) == 0 && !b.much {
		n, err := b.Conn.Read(p)
		b.much = n == len(p) && n >= record/2
		return n, err
	}
	if len(b.rest) == 0 {
		if b.in == nil {
			b.in = make([]byte, atOnce)
		}
		n, err := b.Conn.Read(b.in)
		b.rest, b.much = b.in[:n], n > record/2
		if n == 0 {
			b.much = false
			return 0, err // one that comes with bytes comes again
		}
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	if len(b.rest) == 0 && !b.much {
		b.in = nil
	}
	return n, nil
}
