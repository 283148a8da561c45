package mail

import (
	"bufio"
	"cmp"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"unicode"

	"tamachi/internal/notify"
)

// longestBounce bounds what is read of a bounce, which quotes the mail it is
// about: ours are short.
const longestBounce = 1 << 20

// readBounce reads a mail in a mailbox; ok is false where it does not say that a
// notice is undeliverable: it is no report, one of a delay, or of a mail that
// nobody can tell. Source: RFC 3464, 2; RFC 6522, 3; RFC 6533, 6 for reports in
// UTF-8.
func readBounce(from io.Reader) (b notify.Bounce, ok bool) {
	m, err := netmail.ReadMessage(io.LimitReader(from, longestBounce))
	if err != nil {
		return b, false
	}
	kind, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || !strings.EqualFold(parameters["report-type"], "delivery-status") {
		return b, false
	}
	parts := multipart.NewReader(m.Body, parameters["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil { // the end, or what is cut off
			return b, b.ID != "" && b.Why != ""
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		switch kind {
		case "message/delivery-status", "message/global-delivery-status":
			b.Why = failure(bodyOf(part))
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			b.ID = noticeOf(bodyOf(part))
		}
	}
}

// bodyOf is a part's body; multipart has undone quoted-printable already.
func bodyOf(part *multipart.Part) *textproto.Reader {
	var body io.Reader = part
	if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "base64") {
		body = base64.NewDecoder(base64.StdEncoding, part)
	}
	return textproto.NewReader(bufio.NewReader(body))
}

// failure is why the receiver has not got the mail; "" where nobody says that they
// have not. The first group of fields is about the mail, each other about a
// receiver: a notice has one.
func failure(body *textproto.Reader) string {
	for {
		group, err := body.ReadMIMEHeader()
		if strings.EqualFold(strings.TrimSpace(group.Get("Action")), "failed") {
			_, said, _ := strings.Cut(group.Get("Diagnostic-Code"), ";")
			return cmp.Or(oneLine(said), oneLine("undeliverable, status "+group.Get("Status")))
		}
		if err != nil {
			return ""
		}
	}
}

// noticeOf is the id of a notice, of its Message-ID.
func noticeOf(body *textproto.Reader) string {
	header, _ := body.ReadMIMEHeader() // as far as it goes: what is cut off ends here
	written, begins := strings.CutPrefix(strings.TrimSpace(header.Get("Message-Id")), "<")
	id, _, ends := strings.Cut(written, "@")
	if !begins || !ends {
		return ""
	}
	return id
}

// oneLine is what a server says, without what a terminal would obey.
func oneLine(said string) string {
	shown := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(said, " "))
	return strings.Join(strings.Fields(shown), " ")
}
