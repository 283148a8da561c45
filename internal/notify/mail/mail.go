// Package mail sends notices by SMTP (RFC 5321) to a relay, over TLS: from the
// first byte (smtps, RFC 8314) or after STARTTLS (RFC 3207), which the relay
// must offer unless it was said that it need not. A password is sent over TLS
// only. What comes back later, as a report of a mail server (RFC 3464), is read in
// a Maildir.
package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"slices"
	"time"

	"tamachi/internal/notify"
)

// Options name the relay.
type Options struct {
	Host     string // name or address, which its certificate bears
	Port     string
	User     string // "" sends without a login
	Password string // secret
	Implicit bool   // TLS from the first byte, as on port 465
	Plain    bool   // without TLS: for a relay on this machine or network
	Roots    *x509.CertPool
	Return   string        // address to which mails come back; "" for their sender's
	Hello    string        // how the plane calls itself
	Timeout  time.Duration // of one notice; 0 is defaultTimeout
}

// defaultTimeout is how long one notice may take. RFC 5321, 4.5.3.2 allows a
// server minutes for each step; a notice that fails is sent again.
const defaultTimeout = 45 * time.Second

// Relay is a sender to an SMTP server.
type Relay struct{ o Options }

var _ notify.Sender = (*Relay)(nil)

// New returns a sender. Nothing is connected yet.
func New(o Options) *Relay {
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Hello == "" {
		o.Hello = "localhost"
	}
	return &Relay{o: o}
}

// Send hands a notice to the relay, on a connection of its own.
func (r *Relay) Send(ctx context.Context, n notify.Notice) error {
	l, err := notify.Compose(n)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, r.o.Timeout)
	defer cancel()
	if err := r.deliver(ctx, l); err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("%w: %w", ctx.Err(), err)
		}
		return fmt.Errorf("send %s by %s: %w", n.ID, net.JoinHostPort(r.o.Host, r.o.Port), err)
	}
	return nil
}

func (r *Relay) deliver(ctx context.Context, l notify.Letter) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(r.o.Host, r.o.Port))
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	c, err := r.greet(conn)
	if err != nil {
		return err
	}
	back := cmp.Or(r.o.Return, l.From)
	if err := refused(c.Mail(back)); err != nil {
		return fmt.Errorf("sender %s: %w", back, err)
	}
	if err := refused(c.Rcpt(l.To)); err != nil {
		return fmt.Errorf("receiver %s: %w", l.To, err)
	}
	w, err := c.Data()
	if err != nil {
		return refused(err)
	}
	if _, err := w.Write(l.Message); err != nil {
		return err
	}
	if err := w.Close(); err != nil { // the relay's answer: it has it, or not
		return refused(err)
	}
	_ = c.Quit() // it has the mail already
	return nil
}

// greet goes up to the first command of a mail.
func (r *Relay) greet(conn net.Conn) (*smtp.Client, error) {
	secure := &tls.Config{ServerName: r.o.Host, RootCAs: r.o.Roots, MinVersion: tls.VersionTLS12}
	if r.o.Implicit {
		conn = tls.Client(conn, secure)
	}
	c, err := smtp.NewClient(conn, r.o.Host)
	if err != nil {
		return nil, err
	}
	if err := c.Hello(r.o.Hello); err != nil {
		return nil, err
	}
	if !r.o.Implicit && !r.o.Plain {
		if ok, _ := c.Extension("STARTTLS"); !ok {
			return nil, errors.New("the server offers no STARTTLS")
		}
		if err := c.StartTLS(secure); err != nil {
			return nil, err
		}
	}
	if r.o.User == "" {
		return c, nil
	}
	if r.o.Plain {
		return nil, errors.New("a password is sent over TLS only")
	}
	return c, c.Auth(smtp.PlainAuth("", r.o.User, r.o.Password, r.o.Host))
}

// refused marks what a server says no to for good: a reply that begins with 5
// (RFC 5321, 4.2.1) to the mail itself. One about the login (RFC 4954, 6) is no
// such answer, since somebody can put the login right.
func refused(err error) error {
	reply, ok := errors.AsType[*textproto.Error](err)
	if ok && reply.Code >= 500 && reply.Code < 600 && !slices.Contains([]int{530, 534, 535, 538}, reply.Code) {
		return fmt.Errorf("%w: %w", notify.ErrRefused, err)
	}
	return err
}
