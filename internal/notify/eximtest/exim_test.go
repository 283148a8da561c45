package eximtest_test

import (
	"crypto/x509"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"tamachi/internal/notify"
	"tamachi/internal/notify/eximtest"
	"tamachi/internal/notify/mail"
)

func relay(t *testing.T, s *eximtest.Server, change func(*mail.Options)) *mail.Relay {
	t.Helper()
	b, err := os.ReadFile(s.CA())
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(b)
	o := mail.Options{Host: "127.0.0.1", Port: strconv.Itoa(s.Port()), User: eximtest.User, Password: eximtest.Password, Roots: roots}
	if change != nil {
		change(&o)
	}
	return mail.New(o)
}

func letter(id, to string) notify.Notice {
	return notify.Notice{
		ID: id, From: "Tamachi <desk@example.com>", To: to, Subject: "デスクトップ desk-1 が復旧しました", At: time.Now(),
		Text: "復旧しました\n.\n理由: 経路を戻した\n" + strings.Repeat("長い行 long line ", 100) + "\nFrom here on\n",
	}
}

// TestARealServer sends by a server that is not ours: what arrives, what it
// refuses, and what it does not take in the clear or from strangers.
func TestARealServer(t *testing.T) {
	s := eximtest.Start(t)
	if err := relay(t, s, nil).Send(t.Context(), letter("n-1", "suzuki@example.com")); err != nil {
		t.Fatal(err, s.Log())
	}
	got := s.Await("suzuki@example.com", 1)[0]
	want := letter("n-1", "suzuki@example.com")
	if got.Subject != want.Subject || strings.ReplaceAll(got.Text, "\r\n", "\n") != want.Text || got.From != `"Tamachi" <desk@example.com>` || got.Header.Get("Message-Id") != "<n-1@example.com>" {
		t.Errorf("want the letter as it was written, got %+v", got)
	}
	if !strings.Contains(got.Header.Get("Received"), "esmtpsa ") { // RFC 3848: encrypted, logged in
		t.Errorf("want it encrypted and logged in, got %q", got.Header.Get("Received"))
	}
	rows := []struct {
		name   string
		to     string
		change func(*mail.Options)
		good   bool // refused for good
		says   string
	}{
		{"a mailbox that there is not", eximtest.Nobody + "@example.com", nil, true, "no such mailbox"},
		{"a mailbox that is busy", eximtest.Busy + "@example.com", nil, false, "come again"},
		{"a wrong password", "suzuki@example.com", func(o *mail.Options) { o.Password = "guess" }, false, "535"},
		{"nobody in the clear", "suzuki@example.com", func(o *mail.Options) { o.User, o.Plain = "", true }, true, "log in first"},
		{"a certificate of nobody's", "suzuki@example.com", func(o *mail.Options) { o.Roots = x509.NewCertPool() }, false, "certificate"},
	}
	for _, row := range rows {
		err := relay(t, s, row.change).Send(t.Context(), letter("n-2", row.to))
		if err == nil || errors.Is(err, notify.ErrRefused) != row.good || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: want %q, for good %t; got %v", row.name, row.says, row.good, err)
		}
	}
	s.Stop()
	if err := relay(t, s, nil).Send(t.Context(), letter("n-3", "suzuki@example.com")); err == nil || errors.Is(err, notify.ErrRefused) {
		t.Errorf("want a failure that may pass, got %v", err)
	}
	s.Resume()
	if err := relay(t, s, nil).Send(t.Context(), letter("n-3", "suzuki@example.com")); err != nil {
		t.Fatal(err)
	}
	if all := s.Await("suzuki@example.com", 2); len(all) != 2 {
		t.Errorf("want two letters, got %d", len(all))
	}
}

// TestWhatARealServerSendsBack has a mail that is taken and cannot be delivered
// then: the server's own report of it is understood.
func TestWhatARealServerSendsBack(t *testing.T) {
	s := eximtest.Start(t)
	r := relay(t, s, func(o *mail.Options) { o.Return = eximtest.Bounces + "@example.com" })
	if err := r.Send(t.Context(), letter("n-1", eximtest.Vanished+"@example.com")); err != nil {
		t.Fatal(err, s.Log())
	}
	tick, late := time.NewTicker(20*time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	var got []notify.Bounce
	for got == nil {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("no bounce within a minute\n%s", s.Log())
		}
		err := mail.NewMaildir(s.Bounces()).Collect(t.Context(), func(b notify.Bounce) (bool, error) {
			got = append(got, b)
			return true, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(got) != 1 || got[0].ID != "n-1" || got[0].Why != "undeliverable, status 5.0.0" {
		t.Errorf("want a bounce of n-1 as Exim puts it, got %+v", got)
	}
}
