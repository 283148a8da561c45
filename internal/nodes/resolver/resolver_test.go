package resolver

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"tamachi/internal/clock"
)

var (
	four = netip.MustParseAddr("10.0.0.5")
	six  = netip.MustParseAddr("fd00::5")
)

func open() *Resolver {
	return New("Ops.Test", []netip.Addr{four, six}, clock.NewFrozen(time.Unix(1, 0)), slog.New(slog.DiscardHandler))
}

func question(t testing.TB, name string, kind dnsmessage.Type) []byte {
	t.Helper()
	m := dnsmessage.Message{Header: dnsmessage.Header{ID: 7}, Questions: []dnsmessage.Question{{Name: dnsmessage.MustNewName(name), Type: kind, Class: dnsmessage.ClassINET}}}
	b, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAnswers(t *testing.T) {
	for _, row := range []struct {
		name, asked string
		kind        dnsmessage.Type
		code        dnsmessage.RCode
		answers     int
	}{
		{"a bucket", "logs.s3.eu-west-1.ops.test.", dnsmessage.TypeA, dnsmessage.RCodeSuccess, 1},
		{"in capitals", "SSM.eu-west-1.OPS.TEST.", dnsmessage.TypeA, dnsmessage.RCodeSuccess, 1},
		{"by IPv6", "ssm.eu-west-1.ops.test.", dnsmessage.TypeAAAA, dnsmessage.RCodeSuccess, 1},
		{"the domain itself", "ops.test.", dnsmessage.TypeA, dnsmessage.RCodeSuccess, 1},
		{"no such kind of record", "ssm.eu-west-1.ops.test.", dnsmessage.TypeMX, dnsmessage.RCodeSuccess, 0},
		{"another domain", "example.com.", dnsmessage.TypeA, dnsmessage.RCodeRefused, 0},
		{"a domain that ends alike", "notops.test.", dnsmessage.TypeA, dnsmessage.RCodeRefused, 0},
	} {
		var m dnsmessage.Message
		if err := m.Unpack(open().answer(question(t, row.asked, row.kind), four, mostUDP)); err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if m.RCode != row.code || len(m.Answers) != row.answers || m.ID != 7 || !m.Response {
			t.Errorf("%s: got %v with %d answers, want %v with %d", row.name, m.RCode, len(m.Answers), row.code, row.answers)
		}
	}
}

func TestWhoAsksTooMuchGetsNothing(t *testing.T) {
	r, q := open(), question(t, "a.ops.test.", dnsmessage.TypeA)
	for range perSecond {
		if r.answer(q, four, mostUDP) == nil {
			t.Fatal("refused too early")
		}
	}
	if r.answer(q, four, mostUDP) != nil {
		t.Error("the share of a second has no end")
	}
	if r.answer(q, six, mostUDP) == nil {
		t.Error("another asker was refused")
	}
}

func TestServesBothWays(t *testing.T) {
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp", udp.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- open().Serve(ctx, udp, tcp) }()
	for _, network := range []string{"udp", "tcp"} {
		client := net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, udp.LocalAddr().String())
		}}
		got, err := client.LookupNetIP(t.Context(), "ip4", "any.s3.eu-west-1.ops.test.")
		if err != nil || !slices.Contains(got, four) {
			t.Errorf("%s: got %v (%v), want %v", network, got, err, four)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func FuzzQuestion(f *testing.F) {
	f.Add(question(f, "a.ops.test.", dnsmessage.TypeA))
	f.Add([]byte{0, 7, 1, 0, 0, 2})
	f.Fuzz(func(t *testing.T, b []byte) {
		answer := open().answer(b, four, mostUDP)
		if answer == nil {
			return
		}
		var m dnsmessage.Message
		if err := m.Unpack(answer); err != nil || !m.Response || len(answer) > mostUDP {
			t.Errorf("answered %x (%v)", answer, err)
		}
	})
}
