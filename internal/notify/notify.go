// Package notify is the vocabulary of notices: a message that the plane sends
// to people. Providers live below this folder; each passes the suite in
// notifytest.
package notify

import (
	"context"
	"errors"
	"time"
)

// Sender delivers notices.
type Sender interface {
	// Send hands a notice over: when it returns nil, the next in line has
	// taken it. An error that is ErrRefused is for good; any other may pass,
	// and the same notice may be sent again.
	Send(ctx context.Context, n Notice) error
}

// Notice is a message to people, in the form of a mail.
type Notice struct {
	// ID is that of this notice alone; sent again, it is the same one, and its
	// Message-ID (RFC 5322, 3.6.4) tells the receiver so.
	ID      string
	From    string // address, with a name or without: Tamachi <no-reply@example.com>
	To      string // one address: each receiver gets a notice of their own
	Subject string
	Text    string // plain text, UTF-8
	At      time.Time
}

// ErrRefused means that a notice will never be taken: the address is none, the
// server says no for good. It is wrapped with the reason.
var ErrRefused = errors.New("the notice is refused")
