package eximtest

import (
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Letter is a mail as a person reads it.
type Letter struct {
	From, To, Subject, Text string
	Header                  mail.Header
}

// Letters are the mails that were delivered to an address, by the envelope.
func (s *Server) Letters(address string) []Letter {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "mail", "new", "*"))
	s.must("list the mailbox", err)
	slices.Sort(files)
	var out []Letter
	for _, file := range files {
		l, err := read(file)
		s.must("read "+file, err)
		if strings.EqualFold(l.Header.Get("Envelope-To"), address) {
			out = append(out, l)
		}
	}
	return out
}

func read(file string) (Letter, error) {
	f, err := os.Open(file)
	if err != nil {
		return Letter{}, err
	}
	defer f.Close()
	m, err := mail.ReadMessage(f)
	if err != nil {
		return Letter{}, err
	}
	l := Letter{From: m.Header.Get("From"), To: m.Header.Get("To"), Header: m.Header}
	if l.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return l, err
	}
	kind, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "text/plain" || !strings.EqualFold(parameters["charset"], "utf-8") {
		return l, fmt.Errorf("content type %q, want text in UTF-8 (%w)", m.Header.Get("Content-Type"), err)
	}
	body := m.Body
	switch strings.ToLower(m.Header.Get("Content-Transfer-Encoding")) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	l.Text = string(text)
	return l, err
}

// Await waits until so many mails were delivered to an address.
func (s *Server) Await(address string, n int) []Letter {
	s.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(time.Minute)
	for {
		if all := s.Letters(address); len(all) >= n {
			return all
		}
		select {
		case <-late:
			s.t.Fatalf("exim: %d mails to %s did not come within a minute\n%s", n, address, s.Log())
			return nil
		case <-tick.C:
		}
	}
}
