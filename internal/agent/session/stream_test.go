package session

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"testing/synctest"

	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// A client that acknowledges nothing, and a program that takes nothing: what
// waits for them is bounded, and goes on when they do.
func TestWhatWaitsIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStream(&Options{Clock: clock.Real{}, IDs: id.Random(), Log: slog.New(slog.DiscardHandler)}, func(error) {})
		const size = gulp
		sent, ended := 0, make(chan error)
		go func() {
			for {
				if err := s.send(t.Context(), kindOutput, make([]byte, size)); err != nil {
					ended <- err
					return
				}
				sent++
			}
		}()
		synctest.Wait()
		if sent != window/size || s.bytes > window {
			t.Errorf("%d messages, %d bytes are on their way, want %d bytes at the most", sent, s.bytes, window)
		}
		s.settle(3)
		s.settle(7)
		synctest.Wait()
		if sent != window/size+2 {
			t.Errorf("%d messages left after two were acknowledged, want %d", sent, window/size+2)
		}

		for i := range int64(2 * mostWaiting / size) {
			if s.take(Message{Type: typeInput, Sequence: i, Payload: make([]byte, size)}) {
				t.Fatalf("message %d was taken for an old one", i)
			}
		}
		if s.waiting > mostWaiting || s.waiting < mostWaiting-size {
			t.Errorf("%d bytes wait, want about %d", s.waiting, mostWaiting)
		}
		if m, err := s.next(t.Context()); err != nil || m.Sequence != 0 || s.waiting > mostWaiting-size {
			t.Errorf("got message %d, %v, with %d bytes left", m.Sequence, err, s.waiting)
		}
		s.close(errEnded)
		if err := <-ended; !errors.Is(err, errEnded) {
			t.Errorf("who waits was let go with %v, want %v", err, errEnded)
		}
	})
}

// halfBroken is a channel that takes no more after a few messages, and still
// gives what had come before.
type halfBroken struct {
	takes int
	gives []Message
}

func (h *halfBroken) Close() {}

func (h *halfBroken) Write(context.Context, Message) error {
	if h.takes--; h.takes < 0 {
		return io.ErrClosedPipe
	}
	return nil
}

func (h *halfBroken) Read(context.Context) (Message, error) {
	if len(h.gives) == 0 {
		return Message{}, io.EOF
	}
	m := h.gives[0]
	h.gives = h.gives[1:]
	return m, nil
}

// The client said one message again, and acknowledged another, before its
// channel broke. That the first cannot be answered does not lose the second:
// the node would send the same messages over every new channel, and stand still
// where each takes only so many.
func TestWhatCameBeforeAChannelBrokeIsRead(t *testing.T) {
	s := newStream(&Options{Clock: clock.Real{}, IDs: id.Random(), Log: slog.New(slog.DiscardHandler)}, func(error) {})
	typed := Message{Type: typeInput, Sequence: 0, Payload: []byte("ls\r")}
	s.take(typed)
	if _, err := s.next(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.send(t.Context(), kindOutput, []byte("file")); err != nil {
		t.Fatal(err)
	}
	got := Message{Type: typeAcknowledge, Payload: []byte(`{"AcknowledgedMessageType":"output_stream_data","AcknowledgedMessageSequenceNumber":0}`)}
	if err := s.serve(t.Context(), &halfBroken{takes: 2, gives: []Message{typed, got}}); !errors.Is(err, io.EOF) {
		t.Errorf("the channel ended with %v, want its end after all that it had", err)
	}
	if s.onWay.Len() != 0 {
		t.Error("the output is to be sent again, although the client has it")
	}
}

// The buffer of a message is used again only when it is neither on its way nor
// being written.
func TestBuffersAreUsedAgain(t *testing.T) {
	s := newStream(&Options{Clock: clock.Real{}, IDs: id.Random(), Log: slog.New(slog.DiscardHandler)}, func(error) {})
	b := s.buffer()
	if err := s.send(t.Context(), kindOutput, append(b, 1)); err != nil {
		t.Fatal(err)
	}
	if c := s.buffer(); cap(c) == 0 || &c[:1][0] == &b[:1][0] {
		t.Error("the buffer of a message that is on its way was given out")
	}
	held := s.onWay.Front().Value.(*parcel)
	held.held++ // somebody sends it again
	s.settle(0)
	if c := s.buffer(); &c[:1][0] == &b[:1][0] {
		t.Error("the buffer of a message that is being written was given out")
	}
	s.release(held)
	if c := s.buffer(); &c[:1][0] != &b[:1][0] {
		t.Error("the buffer was not used again")
	}
}
