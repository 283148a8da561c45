package webaccess

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
)

// Flags of a fence (The RFB Protocol, community version, section 7.4.7).
const (
	fenceRequest     = 1 << 31
	fenceBlockBefore = 1 << 0
	fenceFlags       = fenceBlockBefore | 1<<1 | 1<<2 // all but the request
)

// probe is a second, silent connection to a display. A fence that the display
// sends back tells how long it takes to get to what was sent before.
type probe struct {
	conn net.Conn
	in   *bufio.Reader
}

// newProbe greets a display, as a client that wants no picture; it owns conn
// whatever it returns.
func newProbe(ctx context.Context, conn net.Conn) (*probe, error) {
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	p := &probe{conn, bufio.NewReader(conn)}
	if err := p.greet(); err != nil {
		return nil, fmt.Errorf("greet a display: %w", joinClose(err, conn))
	}
	return p, nil
}

func joinClose(err error, c io.Closer) error {
	_ = c.Close() // the error is why it is closed
	return err
}

func (p *probe) greet() error {
	if _, _, err := greet(p.in, p.conn); err != nil {
		return err
	}
	fences := binary.BigEndian.AppendUint16([]byte{setEncodings, 0}, 1)
	code := int32(fence)
	_, err := p.conn.Write(binary.BigEndian.AppendUint32(fences, uint32(code)))
	return err
}

// greet is the client's side of the handshake (RFC 6143, sections 7.1 to 7.3);
// it returns how large the screen is.
func greet(in *bufio.Reader, out io.Writer) (width, height int, err error) {
	steps := []struct {
		skip  int // of what the display says
		reply []byte
	}{{12, []byte("RFB 003.008\n")}, {0, []byte{1}}, {4, []byte{1}}}
	for i, s := range steps {
		if i == 1 { // the security types
			n, err := in.ReadByte()
			if err != nil {
				return 0, 0, err
			}
			s.skip = int(n)
		}
		if _, err := in.Discard(s.skip); err != nil {
			return 0, 0, err
		}
		if _, err := out.Write(s.reply); err != nil {
			return 0, 0, err
		}
	}
	head := make([]byte, 24)
	if _, err := io.ReadFull(in, head); err != nil {
		return 0, 0, err
	}
	_, err = in.Discard(int(min(binary.BigEndian.Uint32(head[20:]), maxMessage)))
	return int(binary.BigEndian.Uint16(head)), int(binary.BigEndian.Uint16(head[2:])), err
}

// pass sends a fence and returns when it has come back.
func (p *probe) pass(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { p.conn.Close() })
	defer stop()
	const mark = "tamachi"
	if err := p.send(fenceRequest|fenceBlockBefore, []byte(mark)); err != nil {
		return err
	}
	for {
		kind, err := p.in.ReadByte()
		if err != nil {
			return err
		}
		switch kind {
		case 1:
			err = p.drop(5, func(h []byte) int { return 6 * int(binary.BigEndian.Uint16(h[3:])) })
		case 2, 150:
		case 3:
			err = p.drop(7, func(h []byte) int { return magnitude(h[3:]) })
		case 248:
			var answer []byte
			if answer, err = p.fence(); err == nil && bytes.Equal(answer, []byte(mark)) {
				return nil
			}
		default:
			return fmt.Errorf("%w: message %d", errLost, kind)
		}
		if err != nil {
			return err
		}
	}
}

// fence reads a fence: an answer, or a request, which is answered.
func (p *probe) fence() (answer []byte, err error) {
	head := make([]byte, 8)
	if _, err := io.ReadFull(p.in, head); err != nil {
		return nil, err
	}
	payload := make([]byte, head[7])
	if _, err := io.ReadFull(p.in, payload); err != nil {
		return nil, err
	}
	flags := binary.BigEndian.Uint32(head[3:])
	if flags&fenceRequest == 0 {
		return payload, nil
	}
	return nil, p.send(flags&fenceFlags, payload)
}

func (p *probe) send(flags uint32, payload []byte) error {
	m := binary.BigEndian.AppendUint32([]byte{clientFence, 0, 0, 0}, flags)
	_, err := p.conn.Write(append(append(m, byte(len(payload))), payload...))
	return err
}

func (p *probe) drop(n int, more func(head []byte) int) error {
	head := make([]byte, n)
	if _, err := io.ReadFull(p.in, head); err != nil {
		return err
	}
	_, err := p.in.Discard(more(head))
	return err
}
