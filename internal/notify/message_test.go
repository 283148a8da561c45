package notify_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net/mail"
	"strings"
	"testing"
	"time"

	"tamachi/internal/notify"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestCompose(t *testing.T) {
	text := "鈴木 様\n\nデスクトップの準備ができました。\n" + strings.Repeat("長い行 ", 200)
	l, err := notify.Compose(notify.Notice{
		ID: "n-1", From: "Tamachi <no-reply@d-1.example.com>", To: "suzuki@example.com", Subject: "準備\r\nBcc: x@y.z", Text: text, At: noon,
	})
	if err != nil {
		t.Fatal(err)
	}
	if l.From != "no-reply@d-1.example.com" || l.To != "suzuki@example.com" {
		t.Errorf("want the bare addresses, got %q to %q", l.From, l.To)
	}
	m, err := mail.ReadMessage(bytes.NewReader(l.Message))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "準備  Bcc: x@y.z" || m.Header.Get("Bcc") != "" {
		t.Errorf("want the subject on one line and no other receiver, got %q, %v, Bcc %q", subject, err, m.Header.Get("Bcc"))
	}
	if got := m.Header.Get("Message-Id"); got != "<n-1@d-1.example.com>" {
		t.Errorf("want the id in the Message-ID, got %q", got)
	}
	if at, err := m.Header.Date(); err != nil || !at.Equal(noon) {
		t.Errorf("want the date %v, got %v, %v", noon, at, err)
	}
	body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, m.Body))
	if err != nil || string(body) != text {
		t.Errorf("want the text as it was, got %d bytes, %v", len(body), err)
	}
	for line := range bytes.Lines(l.Message) {
		if len(line) > 200 || !bytes.HasSuffix(line, []byte("\r\n")) {
			t.Errorf("want short lines that end in CR LF, got %q", line)
		}
	}
}

func TestComposeRefuses(t *testing.T) {
	good := notify.Notice{ID: "n-1", From: "a@example.com", To: "b@example.com", At: noon}
	rows := []struct {
		name   string
		change func(*notify.Notice)
	}{
		{"no receiver", func(n *notify.Notice) { n.To = "" }},
		{"two receivers", func(n *notify.Notice) { n.To = "b@example.com, c@example.com" }},
		{"a receiver with a line break", func(n *notify.Notice) { n.To = "b@example.com\r\nRCPT TO:<c@example.com>" }},
		{"a quoted receiver with a blank", func(n *notify.Notice) { n.To = `"a b"@example.com` }},
		{"a receiver beyond ASCII", func(n *notify.Notice) { n.To = "鈴木@example.com" }},
		{"no sender", func(n *notify.Notice) { n.From = "nobody" }},
		{"no id", func(n *notify.Notice) { n.ID = "" }},
		{"an id with a line break", func(n *notify.Notice) { n.ID = "a\r\nb" }},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			n := good
			r.change(&n)
			if _, err := notify.Compose(n); !errors.Is(err, notify.ErrRefused) {
				t.Errorf("want ErrRefused, got %v", err)
			}
		})
	}
}

func FuzzCompose(f *testing.F) {
	f.Add("id", "Tamachi <a@example.com>", "b@example.com", "hello", "text")
	f.Add("id", "a@example.com", "b@example.com\r\nBcc: c@example.com", "a\r\nX: y", ".\r\n.")
	f.Fuzz(func(t *testing.T, id, from, to, subject, text string) {
		l, err := notify.Compose(notify.Notice{ID: id, From: from, To: to, Subject: subject, Text: text, At: noon})
		if err != nil {
			return
		}
		m, err := mail.ReadMessage(bytes.NewReader(l.Message))
		if err != nil {
			t.Fatalf("want a message that can be read, got %v: %q", err, l.Message)
		}
		if len(m.Header) != 9 {
			t.Fatalf("want nine headers, got %v", m.Header)
		}
		if strings.ContainsAny(l.From+l.To, "\r\n <>") {
			t.Fatalf("want envelope addresses, got %q and %q", l.From, l.To)
		}
	})
}
