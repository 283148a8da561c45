package desktopstest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// Screen is what the display said of itself.
type Screen struct {
	Width, Height int
	Name          string
	Pixels        int    // bytes of pixel data received for a full update
	Last          []byte // the pixel that came last: of the lower right corner
}

// Look speaks RFB 3.8 (RFC 6143) over conn as a viewer without password does,
// asks for the whole screen in raw encoding, and returns when the first update
// has arrived. It fails if any of that takes longer than patience.
func Look(conn net.Conn, patience time.Duration) (Screen, error) {
	s, last, err := begin(conn, patience)
	if err != nil {
		return s, err
	}
	if err := request(conn, 0, 0, 0, s.Width, s.Height); err != nil {
		return s, err
	}
	s.Pixels, err = update(conn, last)
	s.Last = last
	return s, err
}

// AwaitCorner waits until the pixel of the lower right corner is of a colour: the
// server tells when that pixel changes, and sends nothing else.
func AwaitCorner(conn net.Conn, colour []byte, patience time.Duration) error {
	s, last, err := begin(conn, patience)
	if err != nil {
		return err
	}
	for incremental := byte(0); !bytes.HasPrefix(last, colour); incremental = 1 {
		if err := request(conn, incremental, s.Width-1, s.Height-1, 1, 1); err != nil {
			return err
		}
		if _, err := update(conn, last); err != nil {
			return fmt.Errorf("the corner is %v: %w", []byte(last), err)
		}
	}
	return nil
}

// begin shakes hands and asks for raw pixels.
func begin(conn net.Conn, patience time.Duration) (s Screen, last tail, err error) {
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return s, nil, err
	}
	if err := shake(conn); err != nil {
		return s, nil, err
	}
	head := make([]byte, 24) // ServerInit: size, pixel format, length of the name
	if _, err := io.ReadFull(conn, head); err != nil {
		return s, nil, fmt.Errorf("read ServerInit: %w", err)
	}
	s.Width, s.Height = int(binary.BigEndian.Uint16(head)), int(binary.BigEndian.Uint16(head[2:]))
	name := make([]byte, min(binary.BigEndian.Uint32(head[20:]), 4096))
	if _, err := io.ReadFull(conn, name); err != nil {
		return s, nil, fmt.Errorf("read the desktop's name: %w", err)
	}
	s.Name = string(name)
	if _, err := conn.Write([]byte{2, 0, 0, 1, 0, 0, 0, 0}); err != nil { // SetEncodings: raw only
		return s, nil, fmt.Errorf("ask for raw pixels: %w", err)
	}
	return s, make(tail, int(head[4])/8), nil
}

// request asks for an update of a part of the screen.
func request(conn net.Conn, incremental byte, numbers ...int) error {
	ask := []byte{3, incremental} // FramebufferUpdateRequest
	for _, n := range numbers {
		ask = binary.BigEndian.AppendUint16(ask, uint16(n))
	}
	if _, err := conn.Write(ask); err != nil {
		return fmt.Errorf("ask for an update: %w", err)
	}
	return nil
}

// shake agrees on version 3.8 and on security type None.
func shake(conn net.Conn) error {
	version := make([]byte, 12)
	if _, err := io.ReadFull(conn, version); err != nil {
		return fmt.Errorf("read the RFB version: %w", err)
	}
	if string(version) != "RFB 003.008\n" {
		return fmt.Errorf("want RFB 003.008, got %q", version)
	}
	if _, err := conn.Write(version); err != nil {
		return err
	}
	count := make([]byte, 1)
	if _, err := io.ReadFull(conn, count); err != nil {
		return fmt.Errorf("read the security types: %w", err)
	}
	types := make([]byte, count[0])
	if _, err := io.ReadFull(conn, types); err != nil {
		return fmt.Errorf("read the security types: %w", err)
	}
	found := false
	for _, v := range types {
		found = found || v == 1
	}
	if !found {
		return fmt.Errorf("want security type None among %v", types)
	}
	if _, err := conn.Write([]byte{1}); err != nil {
		return err
	}
	result := make([]byte, 4)
	if _, err := io.ReadFull(conn, result); err != nil {
		return fmt.Errorf("read SecurityResult: %w", err)
	}
	if binary.BigEndian.Uint32(result) != 0 {
		return fmt.Errorf("security refused: %v", result)
	}
	_, err := conn.Write([]byte{1}) // ClientInit: shared
	return err
}

// tail keeps the last bytes that are written to it.
type tail []byte

// Write keeps the end.
func (t tail) Write(p []byte) (int, error) {
	if len(p) >= len(t) {
		copy(t, p[len(p)-len(t):])
	} else {
		copy(t, t[len(p):])
		copy(t[len(t)-len(p):], p)
	}
	return len(p), nil
}

// update reads one FramebufferUpdate of raw rectangles and counts its bytes.
func update(conn net.Conn, last tail) (int, error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(conn, head); err != nil {
		return 0, fmt.Errorf("read an update: %w", err)
	}
	if head[0] != 0 {
		return 0, fmt.Errorf("want a FramebufferUpdate, got message %d", head[0])
	}
	total := 0
	for range binary.BigEndian.Uint16(head[2:]) {
		rect := make([]byte, 12)
		if _, err := io.ReadFull(conn, rect); err != nil {
			return total, fmt.Errorf("read a rectangle: %w", err)
		}
		if enc := binary.BigEndian.Uint32(rect[8:]); enc != 0 {
			return total, fmt.Errorf("want raw encoding, got %d", enc)
		}
		size := int64(binary.BigEndian.Uint16(rect[4:])) * int64(binary.BigEndian.Uint16(rect[6:])) * int64(len(last))
		n, err := io.CopyN(last, conn, size)
		total += int(n)
		if err != nil {
			return total, fmt.Errorf("read pixels: %w", err)
		}
	}
	return total, nil
}
