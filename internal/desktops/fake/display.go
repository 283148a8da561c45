package fake

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The screen of a fake desktop.
const (
	Width  = 64
	Height = 48
)

// serve is a minimal RFB 3.8 server (RFC 6143): no password, 32 bits a pixel,
// raw encoding, one colour. It answers every update request at once and reads
// over input.
func serve(conn io.ReadWriter, name string) error {
	if err := greet(conn, name); err != nil {
		return err
	}
	for {
		kind := make([]byte, 1)
		if _, err := io.ReadFull(conn, kind); err != nil {
			return err
		}
		if err := answer(conn, kind[0]); err != nil {
			return err
		}
	}
}

func greet(conn io.ReadWriter, name string) error {
	if _, err := io.WriteString(conn, "RFB 003.008\n"); err != nil {
		return err
	}
	version := make([]byte, 12)
	if _, err := io.ReadFull(conn, version); err != nil {
		return err
	}
	if string(version) != "RFB 003.008\n" {
		return fmt.Errorf("the viewer wants version %q", version)
	}
	if _, err := conn.Write([]byte{1, 1}); err != nil { // one type: None
		return err
	}
	choice := make([]byte, 1)
	if _, err := io.ReadFull(conn, choice); err != nil {
		return err
	}
	if choice[0] != 1 {
		return errors.New("the viewer wants another security type")
	}
	if _, err := conn.Write(make([]byte, 4)); err != nil {
		return err
	}
	if _, err := io.ReadFull(conn, choice); err != nil { // ClientInit
		return err
	}
	init := binary.BigEndian.AppendUint16(nil, Width)
	init = binary.BigEndian.AppendUint16(init, Height)
	init = append(init, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0)
	init = binary.BigEndian.AppendUint32(init, uint32(len(name)))
	_, err := conn.Write(append(init, name...))
	return err
}

// answer reads the rest of a viewer's message and answers it.
func answer(conn io.ReadWriter, kind byte) error {
	switch kind {
	case 0: // SetPixelFormat
		return skip(conn, 19)
	case 2: // SetEncodings
		head := make([]byte, 3)
		if _, err := io.ReadFull(conn, head); err != nil {
			return err
		}
		return skip(conn, 4*int64(binary.BigEndian.Uint16(head[1:])))
	case 3: // FramebufferUpdateRequest
		if err := skip(conn, 9); err != nil {
			return err
		}
		return paint(conn)
	case 4: // KeyEvent
		return skip(conn, 7)
	case 5: // PointerEvent
		return skip(conn, 5)
	case 6: // ClientCutText
		head := make([]byte, 7)
		if _, err := io.ReadFull(conn, head); err != nil {
			return err
		}
		return skip(conn, int64(binary.BigEndian.Uint32(head[3:])))
	default:
		return fmt.Errorf("the viewer sent message %d", kind)
	}
}

func skip(conn io.Reader, n int64) error {
	_, err := io.CopyN(io.Discard, conn, n)
	return err
}

// paint sends the whole screen as one raw rectangle.
func paint(conn io.Writer) error {
	out := []byte{0, 0, 0, 1, 0, 0, 0, 0}
	out = binary.BigEndian.AppendUint16(out, Width)
	out = binary.BigEndian.AppendUint16(out, Height)
	out = append(out, 0, 0, 0, 0)
	for range Width * Height {
		out = append(out, 0x80, 0x60, 0x20, 0)
	}
	_, err := conn.Write(out)
	return err
}
