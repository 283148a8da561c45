package embedded

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"tamachi/internal/directory"
)

// session is one connection. Requests are answered one after the other, so an
// Abandon finds nothing under way.
type session struct {
	server   *Server
	door     *door
	conn     net.Conn  // as it came
	over     *tls.Conn // nil until there is TLS
	in       *bufio.Reader
	out      *bufio.Writer
	domain   directory.Domain
	user     string // who has bound, "" = nobody
	watchdog *time.Timer
}

// errClosed ends a session that the client ended.
var errClosed = errors.New("the client said good-bye")

// serve answers requests until the client goes, breaks a rule or is too slow.
func (s *Server) serve(ctx context.Context, from guest) {
	conn := from.conn
	defer conn.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	c := &session{
		server: s, door: from.door, conn: conn, over: from.over,
		in: bufio.NewReader(conn), out: bufio.NewWriter(conn),
		watchdog: time.AfterFunc(s.limits.Hello, cancel),
	}
	defer c.watchdog.Stop()
	defer c.bye()
	if first, err := c.in.Peek(1); err == nil && first[0] == recordHandshake && c.over == nil && s.keys != nil {
		if err := c.secure(ctx); err != nil {
			return
		}
	}
	for {
		if err := c.next(ctx); err != nil {
			c.end(ctx, err)
			return
		}
	}
}

// next reads one request and answers it.
func (s *session) next(ctx context.Context) error {
	limits := s.server.limits
	wait := limits.Hello
	if s.user != "" {
		wait = limits.Idle
	}
	s.watchdog.Reset(wait)
	if _, err := s.in.Peek(1); err != nil {
		return errClosed
	}
	s.watchdog.Reset(limits.Message)
	body, err := readFrame(s.in, limits.Bytes)
	if err != nil {
		return err
	}
	m, err := parseMessage(body)
	if err != nil {
		return err
	}
	s.watchdog.Reset(limits.Operation + limits.Message)
	ctx, cancel := context.WithTimeout(ctx, limits.Operation)
	defer cancel()
	if s.stranger() {
		if err := s.answerStranger(ctx, m); err != nil {
			return err
		}
		return s.out.Flush()
	}
	if s.domain, err = s.server.accounts.Directory(ctx, s.door.directoryID); err != nil {
		return err
	}
	if err := s.answer(ctx, m); err != nil {
		return err
	}
	return s.out.Flush()
}

// answer does what a request asks.
func (s *session) answer(ctx context.Context, m message) error {
	switch m.op {
	case opBind:
		r, err := s.bind(ctx, m)
		if err != nil {
			return err
		}
		return s.reply(m.id, replyBind, r, nil)
	case opSearch:
		r, cookie, err := s.search(ctx, m)
		if err != nil {
			return err
		}
		return s.reply(m.id, replySearchDone, r, cookie)
	case opExtended:
		return s.extended(ctx, m)
	case opAbandon:
		return nil
	case opUnbind:
		return errClosed
	}
	if reply, ok := refusals[m.op]; ok {
		return s.reply(m.id, reply, result{code: unwillingToPerform, text: "accounts are changed by the API of Directory Service, not by LDAP"}, nil)
	}
	return errMalformed
}

// answerStranger does what is asked for before TLS has named a directory.
func (s *session) answerStranger(ctx context.Context, m message) error {
	switch m.op {
	case opExtended:
		return s.extended(ctx, m)
	case opAbandon:
		return nil
	case opUnbind:
		return errClosed
	}
	return s.refuseStranger(m)
}

// bye tells a client with TLS that nothing follows.
func (s *session) bye() {
	if s.over != nil {
		_ = s.over.Close() // the connection ends anyway
	}
}

// extended begins TLS, and answers "Who am I?" in the form of Active Directory;
// other extensions are unknown, for which RFC 4511, 4.12 wants protocolError.
func (s *session) extended(ctx context.Context, m message) error {
	oid, err := m.body.take(tagContext | 0)
	if err != nil {
		return err
	}
	switch {
	case string(oid) == startTLS:
		return s.beginTLS(ctx, m)
	case s.stranger():
		return s.refuseStranger(m)
	case string(oid) != whoAmI:
		return s.reply(m.id, replyExtended, result{code: protocolError, text: "extension " + printable(string(oid)) + " is not known here"}, nil)
	}
	who := ""
	if s.user != "" {
		who = "u:" + s.domain.ShortName + `\` + s.user
	}
	b, err := encodeResult(m.id, replyExtended, result{}, nil, func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.Tag(tagContext|11), func(b *cryptobyte.Builder) { b.AddBytes([]byte(who)) })
	})
	return s.write(b, err)
}

func (s *session) reply(id int, op byte, r result, cookie *string) error {
	b, err := encodeResult(id, op, r, cookie, nil)
	return s.write(b, err)
}

func (s *session) sendEntry(id int, e *entry, want selection) error {
	b, err := encodeEntry(id, e, want)
	return s.write(b, err)
}

func (s *session) write(b []byte, err error) error {
	if err != nil {
		return err
	}
	_, err = s.out.Write(b)
	return err
}

// end says why the connection ends, where RFC 4511, 4.1.1 wants it said.
func (s *session) end(ctx context.Context, err error) {
	var why result
	var network net.Error
	switch {
	case ctx.Err() != nil, errors.Is(err, errClosed), errors.Is(err, io.EOF),
		errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.As(err, &network):
		return
	case errors.Is(err, errMalformed):
		why = result{code: protocolError, text: err.Error()}
	case errors.Is(err, directory.ErrNoDirectory):
		why = result{code: unavailable, text: "this directory is gone"}
		s.door.close()
	default:
		s.server.log.Error("directory server gives a connection up", "resource", s.door.directoryID, "err", err)
		why = result{code: unavailable, text: "the directory cannot answer now"}
	}
	b, err := notice(why)
	if s.write(b, err) == nil {
		_ = s.out.Flush() // the connection is closed next, whether or not the client hears why
	}
}
