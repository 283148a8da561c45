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
	// Admit returns a desktops.Barred for a browser at an address that may not,
	// or not any more: it is asked again while a stream is open.
	Admit(ctx context.Context, v desktops.Visit, from string) error
}

// Lobby is where people sign in with their own password and find their
// desktops.
type Lobby interface {
	// SignIn proves a person by what they give, and keeps the refusal of who is
	// refused. The error is desktops.ErrStranger or
	// desktops.ErrKeptOut, wrapped with the reason for the log.
	SignIn(ctx context.Context, in desktops.SignIn) (secret string, expires time.Time, err error)
	// Desktops lists the person's desktops; desktops.ErrNoPass when the secret
	// is none, here and below.
	Desktops(ctx context.Context, secret string) ([]desktops.Own, error)
	// Enter opens a browser session for one of them, and starts it if it is
	// stopped; desktops.ErrNotFound when it is not the person's. from is the
	// browser's address, here and below.
	Enter(ctx context.Context, secret, id, from string) (desktops.Pass, error)
	// Ask has something done to one of them; desktops.ErrNotNow when the person
	// may not have that now. to is the choice, "" for what has none.
	Ask(ctx context.Context, secret, id string, wish desktops.Favor, to, from string) error
	// SignOut ends the person's session.
	SignOut(ctx context.Context, secret string) error
}

// Accounts is where people look after what they sign in with.
type Accounts interface {
	// ChangePassword gives a person another password and a new session, and ends
	// those that they had. The errors are those of Lobby.SignIn;
	// *desktops.WeakPasswordError and desktops.ErrTooSoon are about the new one.
	ChangePassword(ctx context.Context, in desktops.NewPassword) (secret string, expires time.Time, err error)
	// BeginFactor shows a person what their authenticator app is to know;
	// desktops.ErrHasFactor when they have one already.
	BeginFactor(ctx context.Context, in desktops.Proof) (desktops.Enrolment, error)
	// FinishFactor takes the app's first code, and gives the person a new
	// session.
	FinishFactor(ctx context.Context, in desktops.Proof) (secret string, expires time.Time, err error)
}

// Display opens RFB streams; each desktops.Provider does.
type Display interface {
	DialDisplay(ctx context.Context, id string) (net.Conn, error)
}

// Sessions keeps each stream that begins and ends.
type Sessions interface {
	// Began keeps a stream before it carries anything, and returns it with its
	// number.
	Began(ctx context.Context, s desktops.Session) (desktops.Session, error)
	// Ended keeps how it went.
	Ended(ctx context.Context, s desktops.Session)
	// Measured tells how long it takes from the browser to the display and back.
	Measured(s desktops.Session, latency time.Duration)
	// Failed keeps a try that did not become a stream; End says why.
	Failed(ctx context.Context, s desktops.Session)
}

// Rules says what a visitor may do at a desktop; no answer is no stream.
type Rules interface {
	Rules(ctx context.Context, v desktops.Visit) (desktops.Rules, error)
}

// Recordings knows which screens are to be recorded, and who may see what was.
type Recordings interface {
	// Due lists the recordings that are to run, and those whose files are to be
	// removed.
	Due(ctx context.Context) (run, remove []desktops.Recording, err error)
	// Recorded keeps how one ended, unless it is known already, and how long it
	// is.
	Recorded(ctx context.Context, r desktops.Recording) error
	// Removed keeps that the file of one is gone.
	Removed(ctx context.Context, r desktops.Recording) error
	// RedeemPlayback uses up a ticket and opens a browser session for the
	// recording that is the pass's ID; desktops.ErrNoPass as with Passes.
	RedeemPlayback(ctx context.Context, ticket string) (desktops.Pass, error)
	// Playback says which recording a session's secret shows.
	Playback(ctx context.Context, secret string) (desktops.Recording, error)
	// Exported uses up a ticket for a recording's file.
	Exported(ctx context.Context, ticket string) (desktops.Recording, error)
}

// Roles is where people of a directory get credentials of IAM roles.
type Roles interface {
	// Assume proves a person as Lobby.SignIn does, and gives them a role of their
	// directory's account; desktops.ErrNoRole when they may not have it.
	Assume(ctx context.Context, in desktops.SignIn, role string) (desktops.RoleKey, error)
}
