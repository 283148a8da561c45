package desktops

import (
	"errors"
	"time"
)

// ErrNoPass means that a ticket or a browser session is unknown, used or
// expired; the three are not told apart.
var ErrNoPass = errors.New("no such ticket or session")

// ErrBarred means that the desktop is not to be looked at from there, or now.
var ErrBarred = errors.New("the desktop cannot be reached")

// Pass is a browser session as it begins.
type Pass struct {
	ID      string    // ws-...
	Secret  string    // proves the session; only its hash is stored
	Expires time.Time // when it ends by itself
}

// Visit is what a ticket or a browser session stands for: which desktop, for
// whom.
type Visit struct {
	Account string
	Region  string
	ID      string // ws-...
	Caller  string // ARN of the principal that asked for the ticket
	State   string // the WorkSpace's state now, in AWS's word: "AVAILABLE"
}

// Session is one display stream between a browser and a desktop.
type Session struct {
	Visit
	Client    string // address of the browser
	UserAgent string
	Opened    time.Time
	Closed    time.Time // zero while it is open
}
