package session

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// A program has ended, and its terminal still holds what it said when the time
// for that is over: a machine may be slow. A program in the background keeps
// the terminal open.
func TestTerminalIsReadToItsEnd(t *testing.T) {
	master, slave, err := openTerminal(who{})
	if err != nil {
		t.Fatal(err)
	}
	defer slave.Close()
	defer master.Close()
	said := strings.Repeat("the last words\r\n", 100)
	if _, err := slave.WriteString(strings.ReplaceAll(said, "\r", "")); err != nil {
		t.Fatal(err)
	}
	if err := master.SetReadDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	s := &talk{stream: newStream(&Options{Clock: clock.Real{}, IDs: id.Random(), Log: slog.New(slog.DiscardHandler)}, func(error) {})}
	s.sayTerminal(t.Context(), master)
	var got strings.Builder
	for e := s.onWay.Front(); e != nil; e = e.Next() {
		got.Write(e.Value.(*parcel).m.Payload)
	}
	if got.String() != said {
		t.Errorf("%d of %d bytes were sent", got.Len(), len(said))
	}
}
