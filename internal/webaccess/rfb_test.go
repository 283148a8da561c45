package webaccess

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"testing"
	"testing/iotest"

	"tamachi/internal/desktops"
)

func be(parts ...any) []byte {
	var b bytes.Buffer
	for _, p := range parts {
		switch v := p.(type) {
		case string:
			b.WriteString(v)
		case int:
			b.WriteByte(byte(v))
		default:
			_ = binary.Write(&b, binary.BigEndian, v) // a buffer takes everything
		}
	}
	return b.Bytes()
}

var (
	pressed   = be(keyEvent, 1, uint16(0), uint32('a'))
	pointed   = be(pointerEvent, 1, uint16(5), uint16(6))
	pointed8  = be(pointerEvent, 0x81, uint16(5), uint16(6), 1) // with a further button
	wanted    = be(updateRequest, 1, uint16(0), uint16(0), uint16(9), uint16(9))
	pasted    = be(clientCutText, 0, 0, 0, int32(5), "paste")
	provided  = be(clientCutText, 0, 0, 0, int32(-6), clipProvide, 0, 0, 1, "zz")
	requested = be(clientCutText, 0, 0, 0, int32(-4), clipRequest, 0, 0, 1)
	capable   = be(clientCutText, 0, 0, 0, int32(-8), clipCaps|clipProvide, 0, 0, 1, uint32(0))
	extended  = be(qemu, 0, uint16(1), uint32('a'), uint32(30))
	resized   = be(setDesktopSize, 0, uint16(9), uint16(9), 1, 0, make([]byte, 16))
	fenced    = be(clientFence, 0, 0, 0, uint32(1), 2, "ok")
	known     = be(setEncodings, 0, uint16(3), int32(tight), int32(5), int32(extendedClipboard))
	pixels16  = be(setPixelFormat, 0, 0, 0, 16, 16, 0, 1, make([]byte, 12))
)

func TestWhatABrowserSendsIsKeptToTheRules(t *testing.T) {
	in := [][]byte{pressed, pointed, pointed8, wanted, pasted, provided, requested, capable, extended, resized, fenced, known, pixels16}
	for _, row := range []struct {
		name  string
		rules desktops.Rules
		lost  [][]byte
		gains [][]byte
	}{
		{"everything", desktops.AllAllowed(), nil, nil},
		{"looking only", desktops.Rules{ViewOnly: true, ClipboardIn: true, ClipboardOut: true}, [][]byte{pressed, pointed, pointed8, pasted, provided, extended, resized}, nil},
		{"no text to the desktop", desktops.Rules{ClipboardOut: true}, [][]byte{pasted, provided}, nil},
		{
			"no text from the desktop",
			desktops.Rules{ClipboardIn: true},
			[][]byte{requested, known},
			[][]byte{be(setEncodings, 0, uint16(2), int32(tight), int32(extendedClipboard))},
		},
		{
			"no text at all",
			desktops.Rules{},
			[][]byte{pasted, provided, requested, known},
			[][]byte{be(setEncodings, 0, uint16(1), int32(tight))},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			var want []byte
			for _, m := range in {
				if !slices.ContainsFunc(row.lost, func(l []byte) bool { return bytes.Equal(l, m) }) {
					want = append(want, m...)
				} else if m[0] == setEncodings {
					want = append(want, row.gains[0]...)
				}
			}
			all := append(greeting(), bytes.Join(in, nil)...)
			all[13] = 0 // alone
			for _, step := range []int{1, 7, len(all)} {
				var got bytes.Buffer
				h := &hand{to: &got, rules: row.rules}
				for part := range slices.Chunk(all, step) {
					if _, err := h.Write(part); err != nil {
						t.Fatal(err)
					}
				}
				if !bytes.Equal(got.Bytes(), append(greeting(), want...)) {
					t.Errorf("in steps of %d: got % x, want the greeting, shared, and % x", step, got.Bytes(), want)
				}
				if h.pixel.Load() != 2 {
					t.Errorf("a pixel: got %d bytes, want 2", h.pixel.Load())
				}
			}
		})
	}
}

// hostSays is a display's stream with one of everything.
func hostSays() (all, clipboard []byte) {
	rect := func(w, h uint16, code int32, rest ...any) []byte {
		return append(be(uint32(0), w, h, code), be(rest...)...)
	}
	head := be("RFB 003.008\n", 1, 1, uint32(0), uint16(64), uint16(48), make([]byte, 16), uint32(4), "desk")
	size := be(0, 0, uint16(1), rect(64, 48, extendedSize, 1, 0, 0, 0, make([]byte, 16)))
	text := be(3, 0, 0, 0, int32(6), "secret")
	notice := be(3, 0, 0, 0, int32(-4), clipNotify, 0, 0, 1)
	caps := be(3, 0, 0, 0, int32(-8), clipCaps|clipProvide, 0, 0, 1, uint32(0))
	asks := be(3, 0, 0, 0, int32(-4), clipRequest, 0, 0, 1)
	picture := be(0, 0, uint16(14),
		rect(2, 2, raw, make([]byte, 16)), rect(2, 2, copyRect, uint32(0)), rect(2, 2, zrle, uint32(3), "abc"),
		rect(9, 2, tight, 0x80, "rgb"), rect(9, 2, tight, 0x90, 0x81, 0x01, make([]byte, 129)),
		rect(3, 1, tight, 0x00, make([]byte, 9)), rect(9, 9, tight, 0x50, 1, 1, make([]byte, 6), 2, "zz"),
		rect(9, 9, tight, 0x50, 2, 0x83, 0x80, 0x01, make([]byte, 3+1<<14)),
		rect(9, 9, tight, 0x70, 1, 9, make([]byte, 30), 2, "zz"), rect(4, 4, cursor, make([]byte, 64+4)),
		rect(1, 1, vmwareCursor, 0, 0, make([]byte, 8)), rect(0, 0, desktopName, uint32(2), "ab"), rect(0, 0, led, 1), rect(0, 0, lastRect))
	rest := be(2, 150, 1, 0, uint16(0), uint16(1), make([]byte, 6), 250, 0, 1, 1, 248, 0, 0, 0, uint32(1), 1, "x")
	return slices.Concat(head, size, caps, text, notice, asks, picture, text, rest), slices.Concat(text, notice, text)
}

func TestWhatADisplaySendsIsFollowed(t *testing.T) {
	all, clipboard := hostSays()
	for _, row := range []struct {
		name  string
		rules desktops.Rules
		want  int
	}{
		{"with everything", desktops.AllAllowed(), len(all)},
		{"without the desktop's clipboard", desktops.Rules{ClipboardIn: true}, len(all) - len(clipboard)},
	} {
		for name, in := range map[string]io.Reader{"at once": bytes.NewReader(all), "byte by byte": iotest.OneByteReader(bytes.NewReader(all))} {
			var got bytes.Buffer
			shown := 0
			s := newScreen(in, row.rules, func() int { return 4 }, func() { shown++ }, func(b []byte) error {
				got.Write(b)
				return nil
			})
			if err := s.run(); !errors.Is(err, io.EOF) {
				t.Errorf("%s, %s: got %v, want the end", row.name, name, err)
			}
			if got.Len() != row.want || bytes.Contains(got.Bytes(), []byte("secret")) != row.rules.ClipboardOut {
				t.Errorf("%s, %s: got %d bytes of %d, want %d", row.name, name, got.Len(), len(all), row.want)
			}
			if shown != 1 {
				t.Errorf("%s, %s: shown %d times, want once", row.name, name, shown)
			}
		}
	}
}

func TestAStreamThatCannotBeFollowedEndsWhereItMustBe(t *testing.T) {
	all, _ := hostSays()
	odd := append(all[:0:0], all...)
	odd = append(odd, 77)
	for _, row := range []struct {
		rules desktops.Rules
		want  error
	}{{desktops.AllAllowed(), io.EOF}, {desktops.Rules{}, errLost}} {
		s := newScreen(bytes.NewReader(odd), row.rules, func() int { return 4 }, func() {}, func([]byte) error { return nil })
		if err := s.run(); !errors.Is(err, row.want) {
			t.Errorf("%+v: got %v, want %v", row.rules, err, row.want)
		}
	}
}

// What a browser may send is cut at its messages wherever it was cut before.
func FuzzHand(f *testing.F) {
	f.Add(slices.Concat(greeting(), pressed, provided, known), 3, false)
	f.Fuzz(func(t *testing.T, in []byte, step int, out bool) {
		step = 1 + (step&0x7fffffff)%64
		rules := desktops.Rules{ClipboardIn: !out, ClipboardOut: out}
		var one, many bytes.Buffer
		_, errOne := (&hand{to: &one, rules: rules}).Write(in)
		h, err := &hand{to: &many, rules: rules}, error(nil)
		for part := range slices.Chunk(in, step) {
			if _, err = h.Write(part); err != nil {
				break
			}
		}
		if (err == nil) != (errOne == nil) || err == nil && !bytes.Equal(one.Bytes(), many.Bytes()) {
			t.Errorf("at once % x, %v; in steps of %d % x, %v", one.Bytes(), errOne, step, many.Bytes(), err)
		}
	})
}

// Whatever a display sends: without rules all of it comes out, with rules some
// of it, and it ends.
func FuzzScreen(f *testing.F) {
	all, _ := hostSays()
	f.Add(all, true)
	f.Add(all, false)
	f.Fuzz(func(t *testing.T, in []byte, out bool) {
		n := 0
		s := &screen{in: bufio.NewReaderSize(bytes.NewReader(in), chunk), rules: desktops.Rules{ClipboardOut: out}, pixel: func() int { return 4 }, shown: func() {}}
		s.out = func(b []byte) error { n += len(b); return nil }
		if err := s.run(); err == nil {
			t.Error("a stream that ended: want an error")
		}
		if n > len(in) {
			t.Errorf("%d bytes of %d came out", n, len(in))
		}
	})
}

func FuzzBrowser(f *testing.F) {
	f.Add("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Edg/140.0")
	f.Fuzz(func(t *testing.T, ua string) {
		if got := browser(ua); len(got) > 20 {
			t.Errorf("%q: got %q", ua, got)
		}
	})
}

// provide is a text as the extended clipboard provides it.
func provide(kind byte, text string) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(be(uint32(len(text)+1), text, 0)) // a buffer takes everything
	_ = z.Close()
	return be(int(kind), 0, 0, 0, int32(-4-b.Len()), clipProvide, 0, 0, 1, b.Bytes())
}

func TestTextIsAsLongAsItMayBe(t *testing.T) {
	for _, row := range []struct {
		name   string
		in     []byte
		passes bool
	}{
		{"four characters in Japanese", provide(clientCutText, "日本語文"), true},
		{"five", provide(clientCutText, "日本語の文"), false},
		{"four in Latin", be(clientCutText, 0, 0, 0, int32(4), "text"), true},
		{"five in Latin", be(clientCutText, 0, 0, 0, int32(5), "texts"), false},
		{"what is not packed", be(clientCutText, 0, 0, 0, int32(-6), clipProvide, 0, 0, 1, "zz"), false},
		{"another format", be(clientCutText, 0, 0, 0, int32(-6), clipProvide, 0, 0, 2, "zz"), false},
	} {
		var up, down bytes.Buffer
		h := &hand{to: &up, rules: desktops.Rules{ClipboardIn: true, LongestIn: 4}, said: hello}
		if _, err := h.Write(row.in); err != nil {
			t.Fatal(err)
		}
		all, _ := hostSays()
		greets := all[:12+2+4+24+4]
		says := slices.Concat(greets, row.in)
		says[len(greets)] = 3
		s := newScreen(bytes.NewReader(says), desktops.Rules{ClipboardOut: true, LongestOut: 4}, func() int { return 4 }, func() {}, func(b []byte) error {
			down.Write(b)
			return nil
		})
		if err := s.run(); !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		if (up.Len() > 0) != row.passes || (down.Len() > len(greets)) != row.passes {
			t.Errorf("%s: passes up %v, down %v, want %v", row.name, up.Len() > 0, down.Len() > len(greets), row.passes)
		}
	}
}
