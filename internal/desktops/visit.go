package desktops

import (
	"errors"
	"time"
)

// ErrNoPass means that a ticket or a browser session is unknown, used or
// expired; the three are not told apart.
var ErrNoPass = errors.New("no such ticket or session")

// Pass is a browser session as it begins.
type Pass struct {
	ID      string    // ws-...
	Secret  string    // proves the session; only its hash is stored
	Expires time.Time // when it ends by itself
}

// Visit is what a ticket or a browser session stands for: which desktop, for
// whom.
type Visit struct {
	Account    string
	Region     string
	ID         string    // ws-...
	Caller     string    // ARN of the principal that asked for the ticket
	State      string    // the WorkSpace's state now, in AWS's word: "AVAILABLE"
	StateSince time.Time // when that state began
	Step       string    // what is being done to it now, "" when nothing is known
	Percent    int       // of the step, 0 when it is not known
	// DirectoryID and UserName are those of the desktop.
	DirectoryID, UserName string
	// Person is who signed in; the zero value when an API's caller opened the
	// desktop by a ticket.
	Person Person
	Grant  string    // names the browser session without opening it
	Since  time.Time // when the browser session began
	Until  time.Time // when it ends
	// ViewOnly is for support: the screen is seen, and nothing is touched.
	ViewOnly bool
}

// ErrStranger means that a registration code, a name or a password is wrong;
// the three are not told apart.
var ErrStranger = errors.New("unknown registration code, user name or password")

// ErrKeptOut means that a person is who they say, and may not come in: the
// account is disabled, or its password has expired.
var ErrKeptOut = errors.New("the account may not sign in")

// ErrStale is the ErrKeptOut of a person whose password was right and is to be
// changed before it is of use: it has expired, or an administrator wants it
// changed.
var ErrStale = errors.New("the password is to be changed first")

// ErrTooSoon means that a person has changed their password already today.
var ErrTooSoon = errors.New("the password was changed less than a day ago")

// ErrCodeNeeded means that the password is right and that a code of the person's
// second factor must come with it; ErrWrongCode that the code was not right.
var (
	ErrCodeNeeded = errors.New("a code of the second factor is needed")
	ErrWrongCode  = errors.New("the code of the second factor is wrong")
)

// Person is a user of a directory who has signed in.
type Person struct {
	Account     string
	Region      string
	DirectoryID string
	UserName    string // as the directory writes it
}

// Proof is what a person gives to look after what they sign in with.
type Proof struct {
	SignIn        // without registration code and user of who is signed in
	Secret string // of the person's session, "" without one
}

// NewPassword is what a person gives to change their password, the former one
// in the proof. Passwords and code are never logged.
type NewPassword struct {
	Proof
	Next string
}

// Enrolment is what an authenticator app is to know. It is shown once.
type Enrolment struct {
	Seed string // base32, secret
	URI  string // otpauth://totp/..., secret
}

// ErrFactorNeeded means that a person is who they say, and that their directory
// wants a second factor, which they have not got yet; ErrHasFactor that they
// have.
var (
	ErrFactorNeeded = errors.New("the directory wants a second factor")
	ErrHasFactor    = errors.New("the user has a second factor already")
)

// Own is a desktop as its user sees it.
type Own struct {
	ID    string    // ws-...
	Name  string    // of the computer, "" before there was one
	State string    // the WorkSpace's state, in AWS's word
	Since time.Time // when that state began
	// StopsAt is when it stops by itself if nobody connects; zero when it does
	// not, or while somebody is connected.
	StopsAt time.Time
	Minutes int     // without anybody, after which it stops; 0 when it does not by itself
	May     []Favor // what its user may have done to it now
	Offers  []Offer // what its user may choose for it now
}

// Offer is something of a desktop that its user may choose.
type Offer struct {
	What   Favor    `json:"what"`
	Now    Choice   `json:"now"`
	Others []Choice `json:"others"`
}

// Choice is a value of an offer, and how people read it in any language; ""
// where the page has words for it.
type Choice struct {
	Value string `json:"value"`
	Text  string `json:"text,omitempty"`
}

// Favor is what a user may have done to their own desktop.
type Favor string

// The favors.
const (
	Restart Favor = "restart"
	Renew   Favor = "rebuild"
	Extend  Favor = "extend"
	// Those with a choice.
	Compute    Favor = "compute" // the compute type
	Mode       Favor = "mode"    // the running mode
	RootVolume Favor = "root"    // the size of a volume
	UserVolume Favor = "user"
)

// ErrNotNow means that a desktop's state, or its directory, does not allow what
// was asked.
var ErrNotNow = errors.New("the desktop does not allow that now")

// Idle is a running desktop to which nobody is connected, and which stops by
// itself.
type Idle struct {
	Account, Region, ID string
	StopsAt             time.Time
}

// Resting is a stopped desktop that is to be maintained at night.
type Resting struct {
	Account, Region, ID     string
	CreatedAt, MaintainedAt time.Time // the latter zero for never
}
