package notify

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"net/mail"
	"strings"
	"time"
	"unicode"
)

// Letter is a notice ready to be sent: addresses that were read, and the
// message as it goes over the wire.
type Letter struct {
	From, To string // addresses without names, for the envelope
	Message  []byte // RFC 5322, lines end in CR LF
}

// Compose makes a letter of a notice. What could smuggle in another header or
// receiver is refused.
func Compose(n Notice) (Letter, error) {
	from, err := address("sender", n.From)
	if err != nil {
		return Letter{}, err
	}
	to, err := address("receiver", n.To)
	if err != nil {
		return Letter{}, err
	}
	if n.ID == "" || strings.ContainsFunc(n.ID, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>@", r) }) {
		return Letter{}, fmt.Errorf("%w: the id %q cannot be a Message-ID", ErrRefused, n.ID)
	}
	_, host, _ := strings.Cut(from.Address, "@")
	var b bytes.Buffer
	for _, line := range [][2]string{
		{"Date", n.At.UTC().Format(time.RFC1123Z)},
		{"From", from.String()},
		{"To", to.String()},
		{"Subject", mime.BEncoding.Encode("utf-8", plain(n.Subject))},
		{"Message-ID", "<" + n.ID + "@" + host + ">"},
		{"Auto-Submitted", "auto-generated"}, // RFC 3834: no vacation answers
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", "base64"},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", line[0], line[1])
	}
	b.WriteString("\r\n")
	fold(&b, base64.StdEncoding.EncodeToString([]byte(strings.ToValidUTF8(n.Text, "\uFFFD"))))
	return Letter{From: from.Address, To: to.Address, Message: b.Bytes()}, nil
}

// lineLength is the longest line of base64 (RFC 2045, 6.8).
const lineLength = 76

func fold(b *bytes.Buffer, text string) {
	for len(text) > lineLength {
		b.WriteString(text[:lineLength] + "\r\n")
		text = text[lineLength:]
	}
	b.WriteString(text + "\r\n")
}

// address reads one address of ASCII: what comes after is the SMTP envelope,
// and not every server takes more (RFC 6531).
func address(whose, written string) (*mail.Address, error) {
	a, err := mail.ParseAddress(written)
	if err != nil {
		return nil, fmt.Errorf("%w: the %s's address %q is none", ErrRefused, whose, written)
	}
	if len(a.Address) > 254 || strings.ContainsFunc(a.Address, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' }) {
		return nil, fmt.Errorf("%w: the %s's address %q is not of plain ASCII", ErrRefused, whose, written)
	}
	return a, nil
}

// plain is a header's text on one line.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}
