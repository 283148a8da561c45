// Package resolver is a small name server for the plane's own domain, for
// networks without a wildcard in their DNS: every name below the domain leads
// to the plane. It answers nothing else, forwards nothing and is slow on
// purpose to anyone who asks too much.
//
// Sources: RFC 1035, RFC 2308 (no data), RFC 7766 (TCP), RFC 8482 (ANY).
package resolver

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"tamachi/internal/clock"
)

const (
	ttl         = 60 // seconds
	mostUDP     = 512
	mostTCP     = 64 // connections
	tcpIdle     = 10 * time.Second
	perSecond   = 100 // answers to one address
	mostClients = 4096
)

// Resolver answers for one domain.
type Resolver struct {
	domain    string // lower case, with the final dot
	addresses []netip.Addr
	clock     clock.Clock
	log       *slog.Logger

	mu     sync.Mutex
	second int64              // guarded by mu
	asked  map[netip.Addr]int // guarded by mu; in this second
}

// New returns a resolver that leads all names of a domain to addresses.
func New(domain string, addresses []netip.Addr, clk clock.Clock, log *slog.Logger) *Resolver {
	return &Resolver{domain: strings.ToLower(strings.TrimSuffix(domain, ".")) + ".", addresses: addresses, clock: clk, log: log, asked: map[netip.Addr]int{}}
}

// Serve answers on both until ctx ends.
func (r *Resolver) Serve(ctx context.Context, udp net.PacketConn, tcp net.Listener) error {
	defer context.AfterFunc(ctx, func() { udp.Close(); tcp.Close() })()
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { r.serveTCP(ctx, tcp) })
	buffer := make([]byte, 4096)
	for {
		n, from, err := udp.ReadFrom(buffer)
		if err != nil {
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return fmt.Errorf("read a question: %w", err)
		}
		if answer := r.answer(buffer[:n], addressOf(from), mostUDP); answer != nil {
			_, _ = udp.WriteTo(answer, from) // who asked asks again
		}
	}
}

func addressOf(a net.Addr) netip.Addr {
	at, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

func (r *Resolver) serveTCP(ctx context.Context, l net.Listener) {
	room := make(chan struct{}, mostTCP)
	var all sync.WaitGroup
	defer all.Wait()
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		select {
		case room <- struct{}{}:
		default:
			conn.Close()
			continue
		}
		all.Go(func() {
			defer func() { conn.Close(); <-room }()
			defer context.AfterFunc(ctx, func() { conn.Close() })()
			r.converse(conn)
		})
	}
}

// converse answers questions that each come with their length.
func (r *Resolver) converse(conn net.Conn) {
	for {
		if conn.SetDeadline(time.Now().Add(tcpIdle)) != nil { //nolint:forbidigo // sockets keep the machine's clock
			return
		}
		var size [2]byte
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			return
		}
		question := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(conn, question); err != nil {
			return
		}
		answer := r.answer(question, addressOf(conn.RemoteAddr()), 1<<16-1)
		if answer == nil {
			return
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil { //nolint:gosec // bounded by answer
			return
		}
	}
}

// admit counts a question against its asker's share of this second.
func (r *Resolver) admit(from netip.Addr) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.clock.Now().Unix(); now != r.second {
		r.second = now
		clear(r.asked)
	}
	if _, known := r.asked[from]; !known && len(r.asked) == mostClients {
		return false
	}
	r.asked[from]++
	return r.asked[from] <= perSecond
}

// answer makes the answer to a question; nil for what deserves none.
func (r *Resolver) answer(question []byte, from netip.Addr, most int) []byte {
	var p dnsmessage.Parser
	head, err := p.Start(question)
	if err != nil || head.Response || !r.admit(from) {
		return nil
	}
	out := dnsmessage.Header{ID: head.ID, Response: true, OpCode: head.OpCode, RecursionDesired: head.RecursionDesired}
	q, err := p.Question()
	if err != nil {
		out.RCode = dnsmessage.RCodeFormatError
		return build(out, nil, nil, most)
	}
	if _, err := p.Question(); !errors.Is(err, dnsmessage.ErrSectionDone) {
		out.RCode = dnsmessage.RCodeFormatError
		return build(out, nil, nil, most)
	}
	name := strings.ToLower(q.Name.String())
	switch {
	case head.OpCode != 0:
		out.RCode = dnsmessage.RCodeNotImplemented
	case q.Class != dnsmessage.ClassINET || name != r.domain && !strings.HasSuffix(name, "."+r.domain):
		out.RCode = dnsmessage.RCodeRefused
	default:
		out.Authoritative = true
		return build(out, &q, r.records(q), most)
	}
	return build(out, &q, nil, most)
}

// records are the addresses of a type; none is "no data".
func (r *Resolver) records(q dnsmessage.Question) (out []dnsmessage.Resource) {
	for _, a := range r.addresses {
		head := dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: ttl}
		switch {
		case a.Is4() && q.Type == dnsmessage.TypeA:
			out = append(out, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: a.As4()}})
		case !a.Is4() && q.Type == dnsmessage.TypeAAAA:
			out = append(out, dnsmessage.Resource{Header: head, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
		}
	}
	return out
}

// build packs an answer; what does not fit is asked again by TCP.
func build(head dnsmessage.Header, q *dnsmessage.Question, records []dnsmessage.Resource, most int) []byte {
	m := dnsmessage.Message{Header: head, Answers: records}
	if q != nil {
		m.Questions = []dnsmessage.Question{*q}
	}
	b, err := m.Pack()
	if err == nil && len(b) > most {
		m.Header.Truncated, m.Answers = true, nil
		b, err = m.Pack()
	}
	if err != nil {
		return nil
	}
	return b
}
