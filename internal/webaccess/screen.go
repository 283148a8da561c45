package webaccess

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"tamachi/internal/desktops"
)

// Encodings and pseudo-encodings that a screen's stream is followed through.
const (
	raw          = 0
	copyRect     = 1
	rre          = 2
	zlibbed      = 6
	tight        = 7
	zrle         = 16
	desktopSize  = -223
	lastRect     = -224
	cursor       = -239
	qemuKey      = -258
	tightPNG     = -260
	led          = -261
	desktopName  = -307
	extendedSize = -308
	fence        = -312
	continuous   = -313
	buttons      = -316
	vmwareCursor = 0x574d5664
)

// errLost reports a stream that cannot be followed any further.
var errLost = errors.New("the display's stream cannot be followed")

// followed tells whether a picture in an encoding can be followed; quality and
// compression levels are wishes only.
func followed(code int32) bool {
	level := code >= -32 && code <= -23 || code >= -256 && code <= -247
	return level || slices.Contains([]int32{
		raw, copyRect, rre, zlibbed, tight, zrle, desktopSize, lastRect, cursor, qemuKey, tightPNG, led, desktopName, extendedSize,
		fence, continuous, buttons, vmwareCursor, extendedClipboard, -309,
	}, code)
}

// screen follows what the display sends: it tells the first picture, and keeps
// back the desktop's clipboard where the rules do not allow it.
type screen struct {
	in    *bufio.Reader
	out   func([]byte) error
	rules desktops.Rules
	pixel func() int // bytes of a pixel
	shown func()     // called once, with the first picture
	buf   []byte     // read, and not handed out yet
	seen  bool
}

const chunk = 64 << 10

// run hands out the stream until it ends.
func (s *screen) run() error {
	err := s.greeting()
	for err == nil {
		if s.seen && !s.rules.Follows() {
			return s.rest() // nothing to look for any more
		}
		err = s.message()
	}
	if errors.Is(err, errLost) && !s.rules.Follows() {
		s.picture()
		return s.rest()
	}
	return errors.Join(err, s.flush())
}

// rest hands out everything as it comes.
func (s *screen) rest() error {
	if err := s.flush(); err != nil {
		return err
	}
	buf := make([]byte, chunk)
	for {
		n, err := s.in.Read(buf)
		if n > 0 {
			if err := s.out(buf[:n]); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
}

func (s *screen) flush() error {
	if len(s.buf) == 0 {
		return nil
	}
	err := s.out(s.buf)
	s.buf = s.buf[:0]
	return err
}

// take hands out the next n bytes and returns them; they are good until the
// next call.
func (s *screen) take(n int) ([]byte, error) {
	b, err := s.look(n)
	if err != nil {
		return nil, err
	}
	at := len(s.buf)
	s.buf = append(s.buf, b...)
	if _, err := s.in.Discard(n); err != nil {
		return nil, err
	}
	return s.buf[at:], nil
}

// look returns the next n bytes, a few, without taking them. What was taken is
// handed out before it waits.
func (s *screen) look(n int) ([]byte, error) {
	if s.in.Buffered() < n {
		if err := s.flush(); err != nil {
			return nil, err
		}
	}
	return s.in.Peek(n)
}

// skip hands out n bytes, many perhaps.
func (s *screen) skip(n int) error {
	for n > 0 {
		if len(s.buf) >= chunk || s.in.Buffered() == 0 {
			if err := s.flush(); err != nil {
				return err
			}
			if _, err := s.in.Peek(1); err != nil {
				return err
			}
		}
		b, err := s.in.Peek(min(n, s.in.Buffered()))
		if err != nil {
			return err
		}
		s.buf = append(s.buf, b...)
		n -= len(b)
		if _, err := s.in.Discard(len(b)); err != nil {
			return err
		}
	}
	return nil
}

// greeting is the handshake (RFC 6143, section 7.1 to 7.3), with the security
// type None: the display's socket is the plane's alone.
func (s *screen) greeting() error {
	if _, err := s.take(12); err != nil {
		return err
	}
	kinds, err := s.take(1)
	if err != nil {
		return err
	}
	if kinds[0] == 0 {
		return fmt.Errorf("%w: it refuses the connection", errLost)
	}
	if err := s.skip(int(kinds[0]) + 4); err != nil { // the types, and the result
		return err
	}
	head, err := s.take(24)
	if err != nil {
		return err
	}
	return s.skip(int(min(binary.BigEndian.Uint32(head[20:]), maxMessage)))
}

// message hands out the next message, or keeps it back.
func (s *screen) message() error {
	kind, err := s.look(1)
	if err != nil {
		return err
	}
	switch kind[0] {
	case 0:
		return s.update()
	case 1: // colours
		head, err := s.take(6)
		if err != nil {
			return err
		}
		return s.skip(6 * int(binary.BigEndian.Uint16(head[4:])))
	case 2, 150: // a bell, the end of continuous updates
		return s.skip(1)
	case 3:
		return s.cutText()
	case 248: // a fence
		head, err := s.take(9)
		if err != nil {
			return err
		}
		return s.skip(int(head[8]))
	case 250:
		return s.skip(4)
	}
	return fmt.Errorf("%w: message %d", errLost, kind[0])
}

// cutText is the desktop's clipboard.
func (s *screen) cutText() error {
	head, err := s.look(8)
	if err != nil {
		return err
	}
	n, extended := magnitude(head[4:]), int32(binary.BigEndian.Uint32(head[4:])) < 0
	out, longest := s.rules.ClipboardOut, s.rules.LongestOut
	pass := out && (longest == 0 || n <= longest)
	if extended && n >= 4 {
		if head, err = s.look(12); err != nil {
			return err
		}
		switch action := head[8]; {
		case action&clipCaps != 0, action&(clipNotify|clipProvide) == 0:
			pass = true
		case action&clipNotify != 0 || longest == 0:
			pass = out
		default:
			return s.provided(n)
		}
	}
	if pass {
		return s.skip(8 + n)
	}
	_, err = s.in.Discard(8 + n)
	return err
}

// provided is a text whose length is to be looked at.
func (s *screen) provided(n int) error {
	if n > maxMessage {
		_, err := s.in.Discard(8 + n)
		return err
	}
	m := make([]byte, 8+n)
	if _, err := io.ReadFull(s.in, m); err != nil {
		return err
	}
	if s.rules.ClipboardOut && short(m[8:], s.rules.LongestOut) {
		s.buf = append(s.buf, m...)
	}
	return nil
}

// update is a picture, or a part of one.
func (s *screen) update() error {
	head, err := s.take(4)
	if err != nil {
		return err
	}
	for count := int(binary.BigEndian.Uint16(head[2:])); count > 0; count-- {
		r, err := s.take(12)
		if err != nil {
			return err
		}
		code := int32(binary.BigEndian.Uint32(r[8:]))
		if code == lastRect {
			return nil
		}
		w, h := int(binary.BigEndian.Uint16(r[4:])), int(binary.BigEndian.Uint16(r[6:]))
		if err := s.rectangle(code, w, h); err != nil {
			return err
		}
	}
	return nil
}

// picture tells that there is one.
func (s *screen) picture() {
	if !s.seen {
		s.seen = true
		s.shown()
	}
}

func (s *screen) rectangle(code int32, w, h int) error {
	switch code {
	case raw, copyRect, rre, zlibbed, zrle, tight, tightPNG:
		s.picture()
	}
	switch code {
	case raw:
		return s.skip(w * h * s.pixel())
	case copyRect:
		return s.skip(4)
	case rre:
		head, err := s.take(4)
		if err != nil {
			return err
		}
		n := int(binary.BigEndian.Uint32(head))
		return s.skip(s.pixel() + n*(s.pixel()+8))
	case zlibbed, zrle, desktopName:
		head, err := s.take(4)
		if err != nil {
			return err
		}
		return s.skip(int(binary.BigEndian.Uint32(head)))
	case tight, tightPNG:
		return s.tight(w, h)
	case desktopSize, qemuKey, buttons:
		return nil
	case led:
		return s.skip(1)
	case cursor:
		return s.skip(w*h*s.pixel() + (w+7)/8*h)
	case extendedSize:
		head, err := s.take(4)
		if err != nil {
			return err
		}
		return s.skip(16 * int(head[0]))
	case vmwareCursor:
		head, err := s.take(2)
		if err != nil {
			return err
		}
		if head[0] == 0 {
			return s.skip(2 * w * h * s.pixel())
		}
		return s.skip(4 * w * h)
	}
	return fmt.Errorf("%w: encoding %d", errLost, code)
}

// tight is a rectangle in the Tight encoding (The RFB Protocol, community
// version, section 7.7.6).
func (s *screen) tight(w, h int) error {
	b, err := s.take(1)
	if err != nil {
		return err
	}
	pixel := min(3, s.pixel()) // of 32 bits, 24 are sent
	switch control := b[0] >> 4; {
	case control == 8: // one colour
		return s.skip(pixel)
	case control == 9, control == 10: // JPEG, PNG
		return s.compact()
	case control > 10:
		return fmt.Errorf("%w: Tight %d", errLost, control)
	case control&4 == 0:
		return s.packed(w * h * pixel)
	}
	filter, err := s.take(1)
	if err != nil {
		return err
	}
	switch filter[0] {
	case 0, 2: // a copy, a gradient
		return s.packed(w * h * pixel)
	case 1:
		b, err := s.take(1)
		if err != nil {
			return err
		}
		colours := int(b[0]) + 1
		if err := s.skip(colours * pixel); err != nil {
			return err
		}
		if colours <= 2 {
			return s.packed((w + 7) / 8 * h)
		}
		return s.packed(w * h)
	}
	return fmt.Errorf("%w: Tight filter %d", errLost, filter[0])
}

// packed is data that is compressed unless it is very short.
func (s *screen) packed(n int) error {
	if n < 12 {
		return s.skip(n)
	}
	return s.compact()
}

// compact is data after its length in one to three bytes.
func (s *screen) compact() error {
	n := 0
	for shift := 0; shift <= 14; shift += 7 {
		b, err := s.take(1)
		if err != nil {
			return err
		}
		if shift == 14 {
			n |= int(b[0]) << shift
			break
		}
		n |= int(b[0]&0x7f) << shift
		if b[0]&0x80 == 0 {
			break
		}
	}
	return s.skip(n)
}

// newScreen follows a display.
func newScreen(display io.Reader, rules desktops.Rules, pixel func() int, shown func(), out func([]byte) error) *screen {
	return &screen{in: bufio.NewReaderSize(display, chunk), out: out, rules: rules, pixel: pixel, shown: shown}
}
