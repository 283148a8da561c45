package webaccess

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

// display answers a silent client as Xvnc does: it asks for a fence itself, and
// tells of its clipboard.
func display(c net.Conn) error {
	defer c.Close()
	for _, step := range []struct {
		say  []byte
		hear int
	}{
		{[]byte("RFB 003.008\n"), 12},
		{be(1, 1), 1},
		{be(uint32(0)), 1},
		{be(uint16(64), uint16(48), make([]byte, 16), uint32(4), "desk"), 8},
	} {
		if _, err := c.Write(step.say); err != nil {
			return err
		}
		if _, err := io.ReadFull(c, make([]byte, step.hear)); err != nil {
			return err
		}
	}
	asks := be(3, 0, 0, 0, int32(3), "abc", 2, 1, 0, uint16(0), uint16(1), make([]byte, 6), 248, 0, 0, 0, uint32(fenceRequest|1), 1, "x")
	for {
		got, err := hearFence(c)
		if err != nil {
			return err
		}
		if _, err := c.Write(asks); err != nil {
			return err
		}
		if answer, err := hearFence(c); err != nil || !bytes.Equal(answer, be(clientFence, 0, 0, 0, uint32(1), 1, "x")) {
			return err
		}
		got[4] &^= 0x80
		if _, err := c.Write(got); err != nil {
			return err
		}
	}
}

func hearFence(c net.Conn) ([]byte, error) {
	head := make([]byte, 9)
	if _, err := io.ReadFull(c, head); err != nil {
		return nil, err
	}
	payload := make([]byte, head[8])
	_, err := io.ReadFull(c, payload)
	return append(head, payload...), err
}

func TestTheWayToTheDisplayAndBackIsMeasured(t *testing.T) {
	d := newDesk()
	h, base := house(t, d)
	h.meter = 5 * time.Millisecond
	c, _ := connected(t, d, base)
	go func() { _, _, _ = c.Read(t.Context()) }() // a browser answers pings while it reads
	go func() { _ = display(<-d.screens) }()
	for range 3 {
		if got := <-d.latency; got != 0 {
			t.Errorf("on a clock that stands: got %s", got)
		}
	}
}

func FuzzProbe(f *testing.F) {
	f.Add(be("RFB 003.008\n", 1, 1, uint32(0), make([]byte, 20), uint32(0), 248, 0, 0, 0, uint32(0), 7, "tamachi"))
	f.Fuzz(func(t *testing.T, says []byte) {
		p, err := newProbe(t.Context(), &script{Reader: bytes.NewReader(says)})
		if err == nil {
			err = p.pass(t.Context())
		}
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, errLost) {
			t.Errorf("% x: %v", says, err)
		}
	})
}

// script is a connection that says what it is to, and hears nothing.
type script struct {
	io.Reader
	net.Conn
}

func (s *script) Read(b []byte) (int, error)  { return s.Reader.Read(b) }
func (s *script) Write(b []byte) (int, error) { return len(b), nil }
func (s *script) Close() error                { return nil }
