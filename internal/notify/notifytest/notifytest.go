// Package notifytest is the suite that every sender of notices passes, the
// fake included.
package notifytest

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tamachi/internal/notify"
)

// Arrived is a mail as its receiver reads it.
type Arrived struct{ ID, From, To, Subject, Text string }

// Notice is one that can be sent, with that id.
func Notice(id string) notify.Notice {
	return notify.Notice{
		ID: id, From: "no-reply@d-0123456789.example.com", To: id + "@example.com",
		Subject: "準備ができました / Ready " + id, Text: "こんにちは\n.\nHello, line with a dot above.\n", At: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
	}
}

// Run runs the suite over the sender that start makes; arrived lists what has
// come out at its other end.
func Run(t *testing.T, start func(t *testing.T) (s notify.Sender, arrived func() []Arrived)) {
	t.Run("what is sent arrives as it was", func(t *testing.T) {
		s, arrived := start(t)
		n := Notice("n-1")
		send(t, s, n)
		want(t, arrived(), Composed(t, n))
	})
	t.Run("each notice arrives", func(t *testing.T) {
		s, arrived := start(t)
		var wg sync.WaitGroup
		var all []Arrived
		for i := range 10 {
			n := Notice(fmt.Sprintf("n-%d", i))
			all = append(all, Composed(t, n))
			wg.Go(func() { send(t, s, n) })
		}
		wg.Wait()
		want(t, arrived(), all...)
	})
	t.Run("sent again it is known as the same", func(t *testing.T) {
		s, arrived := start(t)
		send(t, s, Notice("n-1"))
		send(t, s, Notice("n-1"))
		for _, a := range arrived() {
			if a != Composed(t, Notice("n-1")) {
				t.Errorf("want the same mail, got %+v", a)
			}
		}
	})
	t.Run("what is no address is refused for good", func(t *testing.T) {
		s, arrived := start(t)
		n := Notice("n-1")
		n.To = "nobody\r\nRCPT TO:<x@example.com>"
		if err := s.Send(t.Context(), n); !errors.Is(err, notify.ErrRefused) {
			t.Errorf("want ErrRefused, got %v", err)
		}
		want(t, arrived())
	})
	t.Run("who gave up waiting is told so", func(t *testing.T) {
		s, arrived := start(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Send(ctx, Notice("n-1")); !errors.Is(err, context.Canceled) || errors.Is(err, notify.ErrRefused) {
			t.Errorf("want context.Canceled, got %v", err)
		}
		want(t, arrived())
	})
}

func send(t *testing.T, s notify.Sender, n notify.Notice) {
	t.Helper()
	if err := s.Send(t.Context(), n); err != nil {
		t.Errorf("send %s: want no error, got %v", n.ID, err)
	}
}

func want(t *testing.T, got []Arrived, all ...Arrived) {
	t.Helper()
	order := func(a, b Arrived) int { return strings.Compare(a.ID, b.ID) }
	slices.SortFunc(got, order)
	slices.SortFunc(all, order)
	if !slices.Equal(got, all) {
		t.Errorf("want %+v, got %+v", all, got)
	}
}

// Composed is a notice as its receiver shall read it.
func Composed(t *testing.T, n notify.Notice) Arrived {
	t.Helper()
	l, err := notify.Compose(n)
	if err != nil {
		t.Fatal(err)
	}
	return Read(t, l.Message)
}

// Read reads a message as a mail program does.
func Read(t *testing.T, message []byte) Arrived {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		t.Fatalf("read the mail: %v: %q", err, message)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return Arrived{ID: m.Header.Get("Message-Id"), From: m.Header.Get("From"), To: m.Header.Get("To"), Subject: subject, Text: string(text)}
}
