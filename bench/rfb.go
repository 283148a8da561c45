package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
)

// What the client can show: the encodings and levels that noVNC asks for, but
// for those that only make it faster on the screen (RFC 6143, section 7.7, and
// the registry of RFB encodings).
var rfbEncodings = []int32{1, 7, 0, -26, -254} // CopyRect, Tight, Raw, quality 6, compression 2

// rfb is the client's side of a desktop's display. It draws nothing.
type rfb struct {
	conn          net.Conn
	in            *bufio.Reader
	width, height int
}

func greetRFB(conn net.Conn) *rfb { return &rfb{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)} }

// hello shakes hands (RFC 6143, sections 7.1 to 7.3), says what the client can
// show, and asks for the whole screen.
func (c *rfb) hello() error {
	if _, err := c.in.Discard(12); err != nil {
		return err
	}
	if _, err := c.conn.Write([]byte("RFB 003.008\n")); err != nil {
		return err
	}
	kinds, err := c.in.ReadByte()
	if err != nil {
		return err
	}
	if _, err := c.in.Discard(int(kinds)); err != nil {
		return err
	}
	if _, err := c.conn.Write([]byte{1}); err != nil { // no security of its own
		return err
	}
	if _, err := c.in.Discard(4); err != nil {
		return err
	}
	if _, err := c.conn.Write([]byte{1}); err != nil { // shared
		return err
	}
	head := make([]byte, 24)
	if _, err := io.ReadFull(c.in, head); err != nil {
		return err
	}
	c.width, c.height = int(binary.BigEndian.Uint16(head)), int(binary.BigEndian.Uint16(head[2:]))
	if _, err := c.in.Discard(int(binary.BigEndian.Uint32(head[20:]))); err != nil {
		return err
	}
	// 32 bits a pixel of 24, true colour: with these Tight takes three bytes.
	out := []byte{0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 0, 8, 16, 0, 0, 0}
	out = binary.BigEndian.AppendUint16(append(out, 2, 0), uint16(len(rfbEncodings)))
	for _, e := range rfbEncodings {
		out = binary.BigEndian.AppendUint32(out, uint32(e))
	}
	_, err = c.conn.Write(append(out, c.request(0)...))
	return err
}

// request asks for the screen, or for what has changed of it.
func (c *rfb) request(changed byte) []byte {
	out := []byte{3, changed, 0, 0, 0, 0}
	out = binary.BigEndian.AppendUint16(out, uint16(c.width))
	return binary.BigEndian.AppendUint16(out, uint16(c.height))
}

// say types a line, key by key.
func (c *rfb) say(line string) error {
	var out []byte
	for _, r := range line {
		if r == '\n' {
			r = 0xff0d // Return
		}
		for _, down := range []byte{1, 0} {
			out = binary.BigEndian.AppendUint32([]byte{4, down, 0, 0}, uint32(r))
			if _, err := c.conn.Write(out); err != nil {
				return err
			}
		}
	}
	return nil
}

// picture takes one update of the screen and asks for the next one.
func (c *rfb) picture() error {
	for {
		kind, err := c.in.ReadByte()
		if err != nil {
			return err
		}
		switch kind {
		case 0:
			if err := c.update(); err != nil {
				return err
			}
			_, err := c.conn.Write(c.request(1))
			return err
		case 2: // bell
		case 3: // clipboard
			head := make([]byte, 7)
			if _, err := io.ReadFull(c.in, head); err != nil {
				return err
			}
			if _, err := c.in.Discard(int(binary.BigEndian.Uint32(head[3:]))); err != nil {
				return err
			}
		default:
			return fmt.Errorf("the display sent a message %d", kind)
		}
	}
}

func (c *rfb) update() error {
	head := make([]byte, 3)
	if _, err := io.ReadFull(c.in, head); err != nil {
		return err
	}
	for range binary.BigEndian.Uint16(head[1:]) {
		rect := make([]byte, 12)
		if _, err := io.ReadFull(c.in, rect); err != nil {
			return err
		}
		w, h := int(binary.BigEndian.Uint16(rect[4:])), int(binary.BigEndian.Uint16(rect[6:]))
		var err error
		switch code := int32(binary.BigEndian.Uint32(rect[8:])); code {
		case 0:
			_, err = c.in.Discard(4 * w * h)
		case 1:
			_, err = c.in.Discard(4)
		case 7:
			err = c.tight(w, h)
		default:
			err = fmt.Errorf("the display sent encoding %d", code)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tight passes over a rectangle in Tight (The RFB Protocol, community version,
// section "Tight encoding").
func (c *rfb) tight(w, h int) error {
	control, err := c.in.ReadByte()
	if err != nil {
		return err
	}
	switch how := control >> 4; {
	case how == 8: // one colour
		_, err = c.in.Discard(3)
		return err
	case how == 9: // JPEG
		return c.compact()
	case how > 9:
		return errors.New("the display sent an unknown kind of Tight")
	}
	row := 3 * w
	if control&0x40 != 0 {
		filter, err := c.in.ReadByte()
		if err != nil {
			return err
		}
		if filter == 1 { // a palette
			n, err := c.in.ReadByte()
			if err != nil {
				return err
			}
			colours := int(n) + 1
			if _, err := c.in.Discard(3 * colours); err != nil {
				return err
			}
			row = w
			if colours == 2 {
				row = (w + 7) / 8
			}
		}
	}
	if row*h < 12 { // not compressed
		_, err = c.in.Discard(row * h)
		return err
	}
	return c.compact()
}

// compact passes over data whose length comes before it in one to three bytes.
func (c *rfb) compact() error {
	n := 0
	for i := range 3 {
		b, err := c.in.ReadByte()
		if err != nil {
			return err
		}
		if i == 2 {
			n |= int(b) << 14
			break
		}
		n |= int(b&0x7f) << (7 * i)
		if b&0x80 == 0 {
			break
		}
	}
	_, err := c.in.Discard(n)
	return err
}
