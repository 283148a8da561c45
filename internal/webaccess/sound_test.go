package webaccess

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/iotest"

	"tamachi/internal/desktops"
)

// band is a desktop's speaker.
type band struct{ plays chan net.Conn }

func (b band) DialDoor(ctx context.Context, _ string, d desktops.Door) (net.Conn, error) {
	if d != desktops.Speaker {
		return nil, desktops.ErrLacking
	}
	select {
	case c := <-b.plays:
		return c, nil
	default:
		return nil, desktops.ErrNotFound
	}
}

func TestSoundIsForWhoMayHearAndSpeak(t *testing.T) {
	for _, row := range []struct {
		name   string
		rules  desktops.Rules
		origin bool
		cookie bool
		want   int
	}{
		{"without a session", desktops.AllAllowed(), true, false, http.StatusUnauthorized},
		{"from another page", desktops.AllAllowed(), false, true, http.StatusForbidden},
		{"where a policy says no", desktops.Rules{ViewOnly: true}, true, true, http.StatusForbidden},
		{"by a plain request", desktops.AllAllowed(), true, true, http.StatusUpgradeRequired},
	} {
		d := newDesk()
		d.rules = row.rules
		d.sessions["secret"] = desktops.Visit{ID: deskA, State: "AVAILABLE"}
		h, base := house(t, d)
		h.o.Doors = band{make(chan net.Conn)}
		header := []string{"Origin", "http://elsewhere.example"}
		if row.origin {
			header[1] = base
		}
		if row.cookie {
			header = append(header, "Cookie", cookieName+"=secret")
		}
		for _, way := range []string{"sound", "microphone"} {
			if res := get(t, base+Prefix+"workspace/"+deskA+"/"+way, header...); res.StatusCode != row.want {
				t.Errorf("%s %s: want %d, got %d", way, row.name, row.want, res.StatusCode)
			}
		}
	}
}

func TestSilenceIsNotSentAndNothingLags(t *testing.T) {
	loud := bytes.Repeat([]byte{1, 0, 1, 0}, piece/sample)
	all := append(bytes.Clone(loud), make([]byte, 3*piece)...)
	all = append(all, loud[:10]...)
	var got []int
	if err := carry(t.Context(), bytes.NewReader(all), func(b []byte) error { got = append(got, len(b)); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0] != piece || got[1] != 8 {
		t.Errorf("got pieces of %v, want a whole one and one of two samples", got)
	}
	pieces := make(chan []byte, waiting)
	for i := range byte(3 * waiting) {
		late(pieces, []byte{i})
	}
	if first := <-pieces; first[0] != 2*waiting {
		t.Errorf("the oldest that waits is %d, want the older ones left out", first[0])
	}
}

// However a speaker's bytes are cut, what goes out are whole samples, in order.
func FuzzSound(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9}, true)
	f.Fuzz(func(t *testing.T, in []byte, slow bool) {
		var from io.Reader = bytes.NewReader(in)
		if slow {
			from = iotest.OneByteReader(from)
		}
		n := 0
		if err := carry(t.Context(), from, func(b []byte) error {
			if len(b)%sample != 0 || len(b) > piece || silent(b) {
				t.Errorf("a piece of %d bytes", len(b))
			}
			n += len(b)
			return nil
		}); err != nil || n > len(in) {
			t.Errorf("%d of %d bytes, %v", n, len(in), err)
		}
	})
}
