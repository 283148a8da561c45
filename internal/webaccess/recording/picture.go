package recording

import (
	"encoding/binary"
	"fmt"
)

// Pixel is how many bytes a pixel has: red, green, blue and nothing.
const Pixel = 4

// Format is the pixel format of recordings, as a client sets it (RFC 6143,
// section 7.5.1): 32 bits, red in the first byte.
func Format() []byte {
	return []byte{0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 0, 8, 16, 0, 0, 0}
}

// Codes of encodings in recordings.
const (
	Raw      = 0
	CopyRect = 1
	Size     = -223
	LastRect = -224
)

// Encodings are those that a recording's client asks for.
func Encodings() []byte {
	list := []int32{CopyRect, Raw, Size, LastRect}
	m := binary.BigEndian.AppendUint16([]byte{2, 0}, uint16(len(list)))
	for _, code := range list {
		m = binary.BigEndian.AppendUint32(m, uint32(code))
	}
	return m
}

// Resized is a message that says how large the screen is.
func Resized(width, height int) []byte {
	m := []byte{0, 0, 0, 1, 0, 0, 0, 0}
	m = binary.BigEndian.AppendUint16(m, uint16(width))
	m = binary.BigEndian.AppendUint16(m, uint16(height))
	code := int32(Size)
	return binary.BigEndian.AppendUint32(m, uint32(code))
}

// Seen is what a message changes.
type Seen struct {
	Width, Height int // the screen's new size; 0 when it has the old one
	Pixels        int // how many are drawn
}

// Look reads a FramebufferUpdate in the encodings of recordings.
func Look(message []byte) (Seen, error) {
	var s Seen
	if len(message) < 4 || message[0] != 0 {
		return s, fmt.Errorf("%w: this is no picture", ErrDamaged)
	}
	count := int(binary.BigEndian.Uint16(message[2:]))
	b := message[4:]
	for range count {
		if len(b) < 12 {
			return s, fmt.Errorf("%w: a rectangle is cut off", ErrDamaged)
		}
		w, h := int(binary.BigEndian.Uint16(b[4:])), int(binary.BigEndian.Uint16(b[6:]))
		code := int32(binary.BigEndian.Uint32(b[8:]))
		b = b[12:]
		n := 0
		switch code {
		case Raw:
			n, s.Pixels = w*h*Pixel, s.Pixels+w*h
		case CopyRect:
			n, s.Pixels = 4, s.Pixels+w*h
		case Size:
			s.Width, s.Height = w, h
		case LastRect:
			return s, nil
		default:
			return s, fmt.Errorf("%w: encoding %d", ErrDamaged, code)
		}
		if len(b) < n {
			return s, fmt.Errorf("%w: a rectangle is cut off", ErrDamaged)
		}
		b = b[n:]
	}
	return s, nil
}
