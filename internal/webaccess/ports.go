package webaccess

import (
	"context"
	"net"
	"time"

	"tamachi/internal/desktops"
)

// Passes keeps tickets and browser sessions, durably and as hashes only.
type Passes interface {
	// Redeem uses up a ticket and opens a browser session for its desktop. A
	// ticket that is unknown, used or expired is desktops.ErrNoPass.
	Redeem(ctx context.Context, ticket string) (desktops.Pass, error)
	// Visit says what a session's secret stands for now. The error is
	// desktops.ErrNoPass when the session is over and desktops.ErrNotFound
	// when its desktop is gone.
	Visit(ctx context.Context, secret string) (desktops.Visit, error)
}

// Entry decides who may look at a desktop from where.
type Entry interface {
	// Admit returns desktops.ErrBarred, wrapped with the reason, for a browser at
	// an address that may not.
	Admit(ctx context.Context, v desktops.Visit, from string) error
}

// Lobby is where people sign in with their own password and find their
// desktops.
type Lobby interface {
	// SignIn proves a person by the registration code of their directory, their
	// name and their password. The error is desktops.ErrStranger or
	// desktops.ErrKeptOut, wrapped with the reason for the log.
	SignIn(ctx context.Context, code, user, password string) (secret string, expires time.Time, err error)
	// Desktops lists the person's desktops; desktops.ErrNoPass when the secret
	// is none, here and below.
	Desktops(ctx context.Context, secret string) ([]desktops.Own, error)
	// Enter opens a browser session for one of them, and starts it if it is
	// stopped; desktops.ErrNotFound when it is not the person's.
	Enter(ctx context.Context, secret, id string) (desktops.Pass, error)
	// SignOut ends the person's session.
	SignOut(ctx context.Context, secret string) error
}

// Display opens RFB streams; each desktops.Provider does.
type Display interface {
	DialDisplay(ctx context.Context, id string) (net.Conn, error)
}

// Sessions is told of each stream that begins and ends, for those who show who
// is connected.
type Sessions interface {
	Connected(ctx context.Context, s desktops.Session)
	Disconnected(ctx context.Context, s desktops.Session)
}
