package mail

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tamachi/internal/notify"
)

// report is a bounce: its head, the receivers' fields, and what it quotes.
func report(kind, fields, quoted string) string {
	return strings.ReplaceAll("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.com\nTo: bounces@example.com\nMIME-Version: 1.0\n"+
		"Content-Type: "+kind+"; boundary=\"b=1\"\n\n--b=1\nContent-Type: text/plain\n\nI am sorry.\n\n--b=1\n"+fields+"\n--b=1\n"+quoted+"\n--b=1--\n", "\n", "\r\n")
}

const (
	dsn     = "multipart/report; report-type=delivery-status"
	fields  = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\n"
	failed  = "Final-Recipient: rfc822; taro@example.com\nAction: failed\nStatus: 5.1.1\n"
	said    = "Diagnostic-Code: smtp; 550 5.1.1 <taro@example.com>:\n  no such user\n"
	quoted  = "Content-Type: message/rfc822\n\nFrom: no-reply@example.com\nMessage-ID: <n-1@example.com>\nSubject: x\n\ntext\n"
	headers = "Content-Type: text/rfc822-headers\n\nMessage-Id: <n-1@example.com>\nSubject: x\n"
)

func TestWhatIsABounce(t *testing.T) {
	for _, row := range []struct {
		name, mail string
		want       notify.Bounce
	}{
		{"with the whole mail", report(dsn, fields+failed+said, quoted), notify.Bounce{ID: "n-1", Why: "550 5.1.1 <taro@example.com>: no such user"}},
		{"with its headers", report(dsn, fields+failed+said, headers), notify.Bounce{ID: "n-1", Why: "550 5.1.1 <taro@example.com>: no such user"}},
		{"in any case", report("Multipart/Report; Report-Type=\"Delivery-Status\"", fields+"ACTION: Failed\nSTATUS: 4.4.7\n", headers), notify.Bounce{ID: "n-1", Why: "undeliverable, status 4.4.7"}},
		{"without the server's words", report(dsn, fields+failed, quoted), notify.Bounce{ID: "n-1", Why: "undeliverable, status 5.1.1"}},
		{"in UTF-8, as base64", report(dsn, "Content-Type: message/global-delivery-status\nContent-Transfer-Encoding: base64\n\nUmVwb3J0aW5nLU1UQTogZG5zOyBhLmIKCkFjdGlvbjogZmFpbGVkClN0YXR1czogNS4xLjEKRGlhZ25vc3RpYy1Db2RlOiBzbXRwOyA1NTAg5LiN5piOCg==\n",
			"Content-Type: message/global-headers\n\nMessage-ID: <n-1@example.com>\n"), notify.Bounce{ID: "n-1", Why: "550 不明"}},
		{"with what a terminal would obey", report(dsn, fields+failed+"Diagnostic-Code: smtp; 550 \u202egone\u009b2J\n", quoted), notify.Bounce{ID: "n-1", Why: "550 gone 2J"}},
		{"with what no header has", report(dsn, fields+failed+"Diagnostic-Code: smtp; 550 \x1b[2Jgone\n", quoted), notify.Bounce{ID: "n-1", Why: "undeliverable, status 5.1.1"}},
		{"cut off within the quoted mail", strings.TrimSuffix(report(dsn, fields+failed, quoted), "\r\n\r\ntext\r\n\r\n--b=1--\r\n"), notify.Bounce{ID: "n-1", Why: "undeliverable, status 5.1.1"}},
		{"a delay", report(dsn, fields+strings.ReplaceAll(failed, "failed", "delayed"), quoted), notify.Bounce{}},
		{"it was delivered", report(dsn, fields+strings.ReplaceAll(failed, "failed", "delivered"), quoted), notify.Bounce{}},
		{"of what nobody can tell", report(dsn, fields+failed, "Content-Type: text/rfc822-headers\n\nSubject: x\n"), notify.Bounce{}},
		{"a Message-ID that is none", report(dsn, fields+failed, "Content-Type: text/rfc822-headers\n\nMessage-ID: n-1@example.com\n"), notify.Bounce{}},
		{"a report of another kind", report("multipart/report; report-type=disposition-notification", fields+failed, quoted), notify.Bounce{}},
		{"parts that are no report", report("multipart/mixed", fields+failed, quoted), notify.Bounce{}},
		{"a mail of a person", "From: a@example.com\r\nSubject: Re: x\r\n\r\nMessage-ID: <n-1@example.com>\r\nAction: failed\r\n", notify.Bounce{}},
		{"no mail", "", notify.Bounce{}},
		{"no boundary", "Content-Type: " + dsn + "\r\n\r\n--\r\n", notify.Bounce{}},
	} {
		got, ok := readBounce(strings.NewReader(row.mail))
		if wanted := row.want != (notify.Bounce{}); ok != wanted || ok && got != row.want {
			t.Errorf("%s: want %+v, %v; got %+v, %v", row.name, row.want, wanted, got, ok)
		}
	}
}

func FuzzReadBounce(f *testing.F) {
	f.Add([]byte(report(dsn, fields+failed+said, quoted)))
	f.Add([]byte(report(dsn, fields+failed, headers)))
	f.Fuzz(func(t *testing.T, mail []byte) {
		b, ok := readBounce(strings.NewReader(string(mail)))
		if ok && (b.ID == "" || b.Why == "" || b.Why != oneLine(b.Why)) {
			t.Errorf("want a notice and a line, got %+v of %q", b, mail)
		}
	})
}

// maildir makes a mailbox of mails by name.
func maildir(t *testing.T, mails map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"new", "cur", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, mail := range mails {
		if err := os.WriteFile(filepath.Join(dir, "new", name), []byte(mail), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	for _, in := range []string{"new", "cur"} {
		list, err := os.ReadDir(filepath.Join(dir, in))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range list {
			out = append(out, in+"/"+file.Name())
		}
	}
	return out
}

func TestTheMailboxIsCollected(t *testing.T) {
	bounce := report(dsn, fields+failed+said, quoted)
	dir := maildir(t, map[string]string{"1.a.mx": bounce, "2.b.mx": "Subject: hello\r\n\r\nhello\r\n", "3.c.mx": strings.ReplaceAll(bounce, "n-1", "n-2"), ".hidden": bounce})
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	if err := errors.Join(os.WriteFile(elsewhere, []byte(bounce), 0o600), os.Symlink(elsewhere, filepath.Join(dir, "new", "4.link"))); err != nil {
		t.Fatal(err)
	}
	var got []string
	collect := func(takes bool) {
		t.Helper()
		got = nil
		err := NewMaildir(dir).Collect(t.Context(), func(b notify.Bounce) (bool, error) {
			got = append(got, b.ID)
			return takes || b.ID == "n-1", nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	collect(false)
	if want := []string{"new/.hidden", "new/3.c.mx", "new/4.link", "cur/1.a.mx:2,S", "cur/2.b.mx:2,"}; !slices.Equal(got, []string{"n-1", "n-2"}) || !slices.Equal(names(t, dir), want) {
		t.Errorf("want n-1 and n-2 shown, and %q; got %q, and %q", want, got, names(t, dir))
	}
	collect(true)
	if want := []string{"new/.hidden", "new/4.link", "cur/1.a.mx:2,S", "cur/2.b.mx:2,", "cur/3.c.mx:2,S"}; !slices.Equal(got, []string{"n-2"}) || !slices.Equal(names(t, dir), want) {
		t.Errorf("want n-2 shown again, and %q; got %q, and %q", want, got, names(t, dir))
	}
}

func TestAMailboxThatIsNotThere(t *testing.T) {
	nobody := func(b notify.Bounce) (bool, error) { return false, errors.New(b.ID) }
	if err := NewMaildir(filepath.Join(t.TempDir(), "none")).Collect(t.Context(), nobody); err != nil {
		t.Errorf("want none yet, got %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := NewMaildir(file).Collect(t.Context(), nobody); err == nil {
		t.Error("want an error of a file, got none")
	}
}
