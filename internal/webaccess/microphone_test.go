package webaccess

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"testing"

	"github.com/coder/websocket"
)

func TestWhatIsSaidReachesTheDesktopUntilItStopsListening(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	desktop, plane := net.Pipe()
	said := make(chan []byte, waiting)
	said <- []byte{1, 2}
	said <- []byte{3, 4}
	done := make(chan error, 1)
	go func() { done <- pour(ctx, plane, said) }()
	got := make([]byte, 4)
	if _, err := io.ReadFull(desktop, got); err != nil || !bytes.Equal(got, []byte{1, 2, 3, 4}) {
		t.Errorf("the desktop hears %v, %v", got, err)
	}
	desktop.Close()
	if err := <-done; err != nil {
		t.Errorf("a desktop that stopped listening: want it to be asked again, got %v", err)
	}
	desktop, plane = net.Pipe()
	defer desktop.Close()
	go func() { done <- pour(ctx, plane, said) }()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("a page that was left: want the end, got %v", err)
	}
	plane.Close()
}

// Whatever a browser sends: what is kept are whole samples, the youngest, and
// what is none ends the way.
func FuzzSpeech(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4}, uint8(2), true)
	f.Add([]byte{1, 2, 3}, uint8(3), true)
	f.Add([]byte("text"), uint8(1), false)
	f.Fuzz(func(t *testing.T, in []byte, size uint8, binary bool) {
		said := make(chan []byte, waiting)
		kind := websocket.MessageText
		if binary {
			kind = websocket.MessageBinary
		}
		size = max(size, 1)
		whole := binary && size%2 == 0 && len(in)%2 == 0
		err := hear(func() (websocket.MessageType, []byte, error) {
			if len(in) == 0 {
				return 0, nil, io.EOF
			}
			b := in[:min(int(size), len(in))]
			in = in[len(b):]
			return kind, b, nil
		}, said)
		if whole && !errors.Is(err, io.EOF) {
			t.Errorf("whole samples: got %v", err)
		}
		for range len(said) {
			if b := <-said; len(b)%2 != 0 || !binary {
				t.Errorf("a piece of %d bytes is kept", len(b))
			}
		}
	})
}
