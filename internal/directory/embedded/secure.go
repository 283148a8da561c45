package embedded

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
)

// recordHandshake is the first octet of TLS (RFC 8446, 5.1); an LDAP message
// begins with that of a SEQUENCE.
const recordHandshake = 0x16

// secure begins TLS on the connection. Who was bound is so no more: what was
// said before could have been another's (RFC 4513, 3.1.2 and 6.2).
func (s *session) secure(ctx context.Context) error {
	s.user = ""
	over := tls.Server(&heard{Conn: s.conn, in: s.in}, s.server.keys)
	s.watchdog.Reset(s.server.limits.Message)
	if err := over.HandshakeContext(ctx); err != nil {
		return fmt.Errorf("%w: %w", errClosed, err) // it has been told so by an alert
	}
	s.over, s.in, s.out = over, bufio.NewReader(over), bufio.NewWriter(over)
	if s.door.directoryID == "" {
		s.door = &door{directoryID: directoryOf(over.ConnectionState().ServerName), closed: make(chan struct{})}
	}
	return nil
}

// heard is a connection of which some octets are in a buffer already.
type heard struct {
	net.Conn
	in io.Reader
}

// Read reads what was buffered first.
func (h *heard) Read(b []byte) (int, error) { return h.in.Read(b) }

// beginTLS answers the request to begin TLS (RFC 4511, 4.14) and does so.
func (s *session) beginTLS(ctx context.Context, m message) error {
	if s.server.keys == nil {
		return s.reply(m.id, replyExtended, result{code: protocolError, text: "this server has no certificate"}, nil)
	}
	if s.over != nil {
		return s.reply(m.id, replyExtended, result{code: operationsError, text: "TLS is established already"}, nil)
	}
	if err := s.reply(m.id, replyExtended, result{}, nil); err != nil {
		return err
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	return s.secure(ctx)
}

var directoryIDs = regexp.MustCompile(`^d-[0-9a-f]{10}$`)

// directoryOf finds the directory in a server's name as clients say it in TLS,
// d-0123456789.<region>.<domain>; "" for a name that is no directory's.
func directoryOf(serverName string) string {
	first, _, ok := strings.Cut(serverName, ".")
	if !ok || !directoryIDs.MatchString(first) {
		return ""
	}
	return first
}

// Named tells whether a server's name is one of a directory, there or not.
func (s *Server) Named(serverName string) bool { return directoryOf(serverName) != "" }

// Guest serves a connection that reached another of the plane's addresses,
// until it ends: one with TLS, whose client named the directory, or one without,
// which must ask for TLS and name it then. It waits for Run.
func (s *Server) Guest(conn net.Conn) {
	d := &door{closed: make(chan struct{})}
	over, ok := conn.(*tls.Conn)
	if ok {
		d.directoryID = directoryOf(over.ConnectionState().ServerName)
	}
	ended := make(chan struct{})
	select {
	case s.guests <- guest{door: d, conn: conn, over: over, ended: ended}:
		<-ended
	case <-s.ended:
		conn.Close()
	}
}

// guest is a connection of another listener.
type guest struct {
	door  *door
	conn  net.Conn
	over  *tls.Conn       // nil = without TLS
	ended chan<- struct{} // nil where nobody waits
}

func (g guest) end() {
	if g.ended != nil {
		close(g.ended)
	}
}

// stranger tells whether the connection belongs to no directory yet: all that
// it may ask for is TLS.
func (s *session) stranger() bool { return s.door.directoryID == "" }

// refuseStranger answers whoever asks for more before TLS says for which
// directory. A password that was sent is not looked at.
func (s *session) refuseStranger(m message) error {
	replies := map[byte]byte{opBind: replyBind, opSearch: replySearchDone, opExtended: replyExtended}
	if reply, ok := refusals[m.op]; ok {
		replies[m.op] = reply
	}
	reply, ok := replies[m.op]
	if !ok {
		return errMalformed
	}
	r := result{code: confidentialityRequired, text: "TLS must come first, by StartTLS, with the name of the directory"}
	if s.over != nil {
		r = result{code: unavailable, text: "no directory has the name that TLS was asked for"}
	}
	return s.reply(m.id, reply, r, nil)
}
