// Package radius is a client of RADIUS servers (RFC 2865): it asks whether a
// code is good, by PAP or CHAP.
//
// Every request carries a Message-Authenticator (RFC 3579, section 3.2), first
// among the attributes, and an answer without a good one is nobody's: by MD5
// alone answers can be forged (CVE-2024-3596, "Blast-RADIUS"). Servers must
// therefore send one, as FreeRADIUS 3.2.5 and others do since then, and earlier
// ones do when they were asked with one.
package radius

import (
	"context"
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // the protocol's
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"tamachi/internal/directory"
	"tamachi/internal/id"
)

// Client asks servers.
type Client struct{ ids *id.Source }

var _ directory.SecondFactors = (*Client)(nil)

// New returns a client.
func New(ids *id.Source) *Client { return &Client{ids: ids} }

// The codes of packets and the attributes (RFC 2865, sections 4 and 5).
const (
	accessRequest, accessAccept, accessReject, accessChallenge = 1, 2, 3, 11

	userName, userPassword, chapPassword, nasIdentifier, chapChallenge, messageAuthenticator = 1, 2, 3, 32, 60, 80

	header  = 20
	largest = 4096
)

// identifier is how the plane calls itself to servers.
const identifier = "tamachi"

// Judge asks one server after the other until one answers. A challenge is no
// good code: there is nobody who could answer it.
func (c *Client) Judge(ctx context.Context, r directory.Radius, user, code string) (bool, error) {
	var errs []error
	for _, server := range r.Servers {
		for range r.Retries + 1 {
			answer, err := c.ask(ctx, r, server, user, code)
			if err == nil {
				return answer == accessAccept, nil
			}
			errs = append(errs, fmt.Errorf("ask %s: %w", server, err))
			if ctx.Err() != nil {
				break
			}
		}
	}
	return false, fmt.Errorf("%w: %w", directory.ErrUnreachable, errors.Join(errs...))
}

// ask sends one request and waits for its answer.
func (c *Client) ask(ctx context.Context, r directory.Radius, server, user, code string) (byte, error) {
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "udp", net.JoinHostPort(server, strconv.Itoa(r.Port)))
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	random := c.ids.Bytes(33)
	q, err := request(r, user, code, random)
	if err != nil {
		return 0, err
	}
	if _, err := conn.Write(q); err != nil {
		return 0, err
	}
	buffer := make([]byte, largest)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return 0, err
		}
		if answer, ok := believed(buffer[:n], q, r.Secret); ok {
			return answer, nil
		} // else somebody else's
	}
}

// request is an Access-Request. random is an identifier, an authenticator, and a
// challenge.
func request(r directory.Radius, user, code string, random []byte) ([]byte, error) {
	p := append([]byte{accessRequest, random[0], 0, 0}, random[1:17]...)
	p = append(p, messageAuthenticator, 18)
	p = append(p, make([]byte, md5.Size)...)
	if len(user) > 253 || len(code) > 128 || code == "" {
		return nil, errors.New("a user name or a code is too long")
	}
	p = attribute(p, userName, []byte(user))
	if r.CHAP {
		challenge := random[17:33]
		sum := md5.Sum(append(append([]byte{random[0]}, code...), challenge...)) //nolint:gosec // RFC 2865, 5.3
		p = attribute(p, chapPassword, append([]byte{random[0]}, sum[:]...))
		p = attribute(p, chapChallenge, challenge)
	} else {
		p = attribute(p, userPassword, hidden(code, r.Secret, random[1:17]))
	}
	p = attribute(p, nasIdentifier, []byte(identifier))
	binary.BigEndian.PutUint16(p[2:], uint16(len(p)))
	copy(p[header+2:], sign(p, r.Secret))
	return p, nil
}

func attribute(p []byte, kind byte, value []byte) []byte {
	return append(append(p, kind, byte(len(value)+2)), value...)
}

// hidden is a password as it is sent (RFC 2865, section 5.2).
func hidden(password, secret string, authenticator []byte) []byte {
	out := make([]byte, (len(password)+15)/16*16)
	copy(out, password)
	last := authenticator
	for i := 0; i < len(out); i += 16 {
		sum := md5.Sum(append([]byte(secret), last...)) //nolint:gosec // the protocol's
		for j, b := range sum {
			out[i+j] ^= b
		}
		last = out[i : i+16]
	}
	return out
}

func sign(p []byte, secret string) []byte {
	h := hmac.New(md5.New, []byte(secret))
	h.Write(p)
	return h.Sum(nil)
}

// believed takes an answer to a request apart and tells whether it comes from
// who knows the secret.
func believed(p, request []byte, secret string) (code byte, ok bool) {
	if len(p) < header || len(p) > largest || int(binary.BigEndian.Uint16(p[2:])) != len(p) || p[1] != request[1] {
		return 0, false
	}
	if p[0] != accessAccept && p[0] != accessReject && p[0] != accessChallenge {
		return 0, false
	}
	unsigned := append([]byte(nil), p...)
	copy(unsigned[4:header], request[4:header])
	sum := md5.Sum(append(append([]byte(nil), unsigned...), secret...)) //nolint:gosec // RFC 2865, section 3
	if !hmac.Equal(sum[:], p[4:header]) {
		return 0, false
	}
	signed := false
	for at := header; at < len(p); {
		if len(p)-at < 2 || int(p[at+1]) < 2 || int(p[at+1]) > len(p)-at {
			return 0, false
		}
		next := at + int(p[at+1])
		if p[at] == messageAuthenticator {
			if signed || next-at != 2+md5.Size {
				return 0, false
			}
			given := append([]byte(nil), p[at+2:next]...)
			clear(unsigned[at+2 : next])
			if !hmac.Equal(given, sign(unsigned, secret)) {
				return 0, false
			}
			signed = true
		}
		at = next
	}
	return p[0], signed
}
