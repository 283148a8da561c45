package desktops

import (
	"errors"
	"time"
)

// Session is one display stream between a browser and a desktop, or the try
// to have one.
type Session struct {
	Visit
	Number    string // se-..., names it for good; "" before it is kept
	Client    string // address of the browser
	UserAgent string
	Platform  string // what the browser runs on: "Windows", "macOS", "iPadOS"; "" when it does not say
	Browser   string // "Chrome 140"; "" when it does not say
	First     bool   // the first stream of its browser session
	Opened    time.Time
	Shown     time.Time // when the first picture was sent; zero before
	Closed    time.Time // zero while it is open
	End       End       // why it ended, or never began
}

// Wished is when the person asked for the picture: with the browser session if
// this stream is its first, else with the stream.
func (s *Session) Wished() time.Time {
	if s.First && !s.Since.IsZero() {
		return s.Since
	}
	return s.Opened
}

// End is why a session ended, or why a try failed.
type End string

// Why sessions end.
const (
	Left       End = "CLIENT_CLOSED"     // the window was closed, or another page opened in it
	Lost       End = "CLIENT_LOST"       // the browser did not answer any more
	DarkScreen End = "DISPLAY_ENDED"     // the desktop stopped, or its display died
	Over       End = "SESSION_EXPIRED"   // its time was over
	Dismissed  End = "ENDED_BY_ADMIN"    // by EndDesktopSession
	PlaneEnded End = "PLANE_STOPPED"     // the plane was stopped in good order
	PlaneDied  End = "PLANE_INTERRUPTED" // it was not: the time of the end is that of the next start
)

// Why sessions end and tries fail.
const (
	Upkeep     End = "MAINTENANCE"         // an administrator works on the desktop
	Address    End = "ADDRESS_NOT_ALLOWED" // in no IP access control group of the directory
	Device     End = "DEVICE_NOT_ALLOWED"  // browsers are not let in
	Disabled   End = "USER_DISABLED"       // or gone
	Crowded    End = "TOO_MANY_STREAMS"
	NoScreen   End = "NO_DISPLAY"            // the desktop's screen does not answer
	Mistaken   End = "WRONG_CREDENTIALS"     // of a sign-in
	KeptOut    End = "ACCOUNT_NOT_ALLOWED"   // of a sign-in: disabled, locked, expired
	Unfinished End = "CODE_MISSING_OR_WRONG" // of a sign-in: the second factor
)

// ErrBarred means that the desktop is not to be looked at from there, or now.
var ErrBarred = errors.New("the desktop cannot be reached")

// Barred is an ErrBarred that says why.
type Barred struct {
	Why    End
	Detail string // for the log
}

// Error tells the detail.
func (b *Barred) Error() string { return ErrBarred.Error() + ": " + b.Detail }

// Is makes a Barred an ErrBarred.
func (b *Barred) Is(target error) bool { return target == ErrBarred }

// ErrDismissed is the ErrNoPass of a session that an administrator ended.
var ErrDismissed = errors.New("the session was ended by an administrator")

// SignIn is what a person gives to be let in. The password and the code are
// never logged.
type SignIn struct {
	Code      string // registration code of the directory
	User      string
	Password  string
	OneTime   string // code of the second factor, "" when none was given
	Client    string // address of the browser
	UserAgent string
	Platform  string
	Browser   string
}

// Rules are what a session may do.
type Rules struct {
	ViewOnly     bool // keys and pointer go nowhere
	ClipboardIn  bool // text from the browser to the desktop
	ClipboardOut bool // text from the desktop to the browser
	LongestIn    int  // characters of it, 0 is any number
	LongestOut   int
	Printing     bool // documents from the desktop to the browser
	Sound        bool // from the desktop to the browser
	Microphone   bool // from the browser to the desktop
}

// Follows tells whether all that the desktop sends must be looked at.
func (r Rules) Follows() bool { return !r.ClipboardOut || r.LongestOut > 0 }

// AllAllowed are the rules where no policy says otherwise.
func AllAllowed() Rules {
	return Rules{ClipboardIn: true, ClipboardOut: true, Printing: true, Sound: true, Microphone: true}
}
