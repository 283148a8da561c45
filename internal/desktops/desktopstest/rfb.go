package desktopstest

import (
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
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return Screen{}, err
	}
	if err := shake(conn); err != nil {
		return Screen{}, err
	}
	var s Screen
	head := make([]byte, 24) // ServerInit: size, pixel format, length of the name
	if _, err := io.ReadFull(conn, head); err != nil {
		return s, fmt.Errorf("read ServerInit: %w", err)
	}
	s.Width, s.Height = int(binary.BigEndian.Uint16(head)), int(binary.BigEndian.Uint16(head[2:]))
	name := make([]byte, min(binary.BigEndian.Uint32(head[20:]), 4096))
	if _, err := io.ReadFull(conn, name); err != nil {
		return s, fmt.Errorf("read the desktop's name: %w", err)
	}
	s.Name = string(name)
	ask := []byte{2, 0, 0, 1, 0, 0, 0, 0} // SetEncodings: raw only
	ask = append(ask, 3, 0, 0, 0, 0, 0)   // FramebufferUpdateRequest: all of it
	ask = binary.BigEndian.AppendUint16(ask, uint16(s.Width))
	ask = binary.BigEndian.AppendUint16(ask, uint16(s.Height))
	_, err := conn.Write(ask)
	if err != nil {
		return s, fmt.Errorf("ask for an update: %w", err)
	}
	last := make(tail, int(head[4])/8)
	s.Pixels, err = update(conn, last)
	s.Last = last
	return s, err
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
