package webaccess

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"

	"tamachi/internal/desktops"
)

// The messages of a client (RFC 6143, section 7.5, and the registry of RFB
// message types).
const (
	setPixelFormat    = 0
	setEncodings      = 2
	updateRequest     = 3
	keyEvent          = 4
	pointerEvent      = 5
	clientCutText     = 6
	continuousUpdates = 150
	clientFence       = 248
	xvp               = 250
	setDesktopSize    = 251
	qemu              = 255
)

// Encodings that matter here.
const extendedClipboard = -0x3f5e1a32 // 0xc0a1e5ce

// Actions of the extended clipboard, in the first byte of its flags.
const (
	clipCaps    = 1 << 0
	clipRequest = 1 << 1
	clipPeek    = 1 << 2
	clipNotify  = 1 << 3
	clipProvide = 1 << 4
)

// hello is what a client says before its first message: its version, the
// security type, and whether it shares the desktop.
const hello = 12 + 1 + 1

// errProtocol ends a stream that is no RFB, or one that asks for what could
// not be watched.
var errProtocol = errors.New("the browser does not speak RFB")

// hand carries what the browser sends to the display, one message after the
// other, and keeps back what the rules do not allow.
type hand struct {
	to    io.Writer
	rules desktops.Rules
	said  int    // bytes of the greeting that have passed
	buf   []byte // the beginning of a message
	// pixel is how many bytes of the picture's stream one pixel takes, for who
	// reads that.
	pixel atomic.Int32
}

// Write takes the next bytes of the stream, cut anywhere.
func (h *hand) Write(p []byte) (int, error) {
	all := len(p)
	if h.said < hello {
		n := min(len(p), hello-h.said)
		part := slices.Clone(p[:n])
		h.said += n
		if h.said == hello {
			part[n-1] = 1 // shared: nobody is thrown out
		}
		if _, err := h.to.Write(part); err != nil {
			return 0, err
		}
		p = p[n:]
	}
	h.buf = append(h.buf, p...)
	var out []byte
	for {
		n, err := size(h.buf)
		if err != nil {
			return 0, err
		}
		if n == 0 || n > len(h.buf) {
			break
		}
		out = append(out, h.pass(h.buf[:n])...)
		h.buf = h.buf[n:]
	}
	if len(out) > 0 {
		if _, err := h.to.Write(out); err != nil {
			return 0, err
		}
	}
	return all, nil
}

// size is how long the message at the beginning of b is; 0 when too little is
// there to tell.
func size(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	fixed := map[byte]int{setPixelFormat: 20, updateRequest: 10, keyEvent: 8, continuousUpdates: 10, xvp: 4}
	if n, ok := fixed[b[0]]; ok {
		return n, nil
	}
	need := func(n int, then func() int) (int, error) {
		if len(b) < n {
			return 0, nil
		}
		if size := then(); size >= n && size <= maxMessage {
			return size, nil
		}
		return 0, fmt.Errorf("%w: a message of type %d is too long", errProtocol, b[0])
	}
	switch b[0] {
	case setEncodings:
		return need(4, func() int { return 4 + 4*int(binary.BigEndian.Uint16(b[2:])) })
	case pointerEvent:
		return need(2, func() int { return 6 + int(b[1]>>7) }) // one more byte for further buttons
	case clientCutText:
		return need(8, func() int { return 8 + magnitude(b[4:]) })
	case clientFence:
		return need(9, func() int { return 9 + int(b[8]) })
	case setDesktopSize:
		return need(8, func() int { return 8 + 16*int(b[6]) })
	case qemu:
		return need(2, func() int {
			if b[1] == 0 { // an extended key
				return 12
			}
			return maxMessage + 1
		})
	}
	return 0, fmt.Errorf("%w: there is no message of type %d", errProtocol, b[0])
}

// magnitude is a length that is written negative when the extended clipboard is
// meant.
func magnitude(b []byte) int {
	n := int(int32(binary.BigEndian.Uint32(b)))
	return max(n, -n)
}

// pass is what of a message goes on.
func (h *hand) pass(m []byte) []byte {
	switch m[0] {
	case keyEvent, pointerEvent, qemu, setDesktopSize, xvp:
		if h.rules.ViewOnly {
			return nil
		}
	case clientCutText:
		if !h.mayCut(m) {
			return nil
		}
	case setPixelFormat:
		h.pixel.Store(int32(m[4] / 8))
	case setEncodings:
		return h.encodings(m)
	}
	return m
}

// mayCut tells whether a message of the clipboard may pass: text for the
// desktop one way, the asking for its text the other.
func (h *hand) mayCut(m []byte) bool {
	in := h.rules.ClipboardIn && !h.rules.ViewOnly
	if int32(binary.BigEndian.Uint32(m[4:])) >= 0 || len(m) < 12 {
		return in && (h.rules.LongestIn == 0 || len(m)-8 <= h.rules.LongestIn)
	}
	switch action := m[8]; {
	case action&clipCaps != 0:
		return true
	case action&clipProvide != 0:
		return in && short(m[8:], h.rules.LongestIn)
	case action&clipNotify != 0:
		return in
	}
	return h.rules.ClipboardOut
}

// encodings keeps, of the encodings that the browser knows, those that screen
// can follow, where the rules want it followed to the end.
func (h *hand) encodings(m []byte) []byte {
	if !h.rules.Follows() {
		return m
	}
	out := slices.Clone(m[:4])
	for i := 4; i+4 <= len(m); i += 4 {
		code := int32(binary.BigEndian.Uint32(m[i:]))
		if code == extendedClipboard && !h.rules.ClipboardIn && !h.rules.ClipboardOut {
			continue
		}
		if followed(code) {
			out = append(out, m[i:i+4]...)
		}
	}
	binary.BigEndian.PutUint16(out[2:], uint16((len(out)-4)/4))
	return out
}
