package hr

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// State is how somebody stands to the company.
type State string

// The states of the feed.
const (
	Active State = "active"
	Leave  State = "leave" // on long leave: comes back
	Left   State = "left"
)

// Person is one line of the feed.
type Person struct {
	Line       int      `json:"line"` // of the file, from 1; of JSON the place in the list
	ID         string   `json:"id,omitempty"`
	Account    string   `json:"account,omitempty"` // the directory's SAMAccountName
	Given      string   `json:"given,omitempty"`
	Surname    string   `json:"surname,omitempty"`
	Kana       string   `json:"kana,omitempty"` // surname and given name as they sound
	Email      string   `json:"email,omitempty"`
	Department string   `json:"department,omitempty"`
	Manager    string   `json:"manager,omitempty"` // account of whoever answers for the desktop
	State      State    `json:"state"`
	Start      Day      `json:"start,omitzero"`
	End        Day      `json:"end,omitzero"`     // last day
	Bundle     string   `json:"bundle,omitempty"` // wsb-...
	Mode       string   `json:"mode,omitempty"`   // AUTO_STOP or ALWAYS_ON
	Groups     []string `json:"groups,omitempty"`
}

// Name is how people call somebody.
func (p *Person) Name() string {
	if n := strings.TrimSpace(p.Surname + " " + p.Given); n != "" {
		return n
	}
	return p.Account
}

// At is the state on a day: who has a last day in the past has left.
func (p *Person) At(now time.Time) State {
	if p.State != Left && !p.End.IsZero() && now.After(p.End.AddDate(0, 0, 1)) {
		return Left
	}
	return p.State
}

// Day is a date without a time.
type Day struct{ time.Time }

// MarshalText writes 2026-04-01.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.Format(time.DateOnly)), nil }

// UnmarshalText reads what MarshalText wrote, and what spreadsheets write.
func (d *Day) UnmarshalText(b []byte) (err error) {
	*d, err = parseDay(string(b))
	return err
}

func parseDay(s string) (Day, error) {
	for _, layout := range []string{time.DateOnly, "2006/1/2", "2006/01/02", "2006年1月2日", "20060102"} {
		if t, err := time.Parse(layout, s); err == nil {
			return Day{t}, nil
		}
	}
	return Day{}, fmt.Errorf("the day %q is none, as in 2026-04-01", clip(s))
}

var states = map[string]State{
	"": Active, "active": Active, "joined": Active, "joiner": Active, "moved": Active, "mover": Active, "transferred": Active,
	"在籍": Active, "在職": Active, "入社": Active, "入社予定": Active, "異動": Active, "転籍": Active, "出向": Active,
	"leave": Leave, "on leave": Leave, "on_leave": Leave, "休職": Leave, "休職中": Leave, "休業": Leave, "育休": Leave, "育児休業": Leave, "産休": Leave, "長期休暇": Leave,
	"left": Left, "leaver": Left, "terminated": Left, "退職": Left, "退社": Left, "退職済": Left, "退職予定": Active,
}

// accountName is what a SAMAccountName may be, within what all directories take.
// Source: Directory Service Data API Reference, CreateUser.
var accountName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$`)

var mail = regexp.MustCompile(`^[^\s@<>"',;]{1,64}@[A-Za-z0-9.-]{1,190}$`)

// check refuses a person of whom something is said that cannot be.
func (p *Person) check() error {
	switch {
	case p.Account == "" && p.Surname+p.Given+p.Kana == "":
		return errors.New("it names nobody: want an account or a name")
	case p.Account != "" && !accountName.MatchString(p.Account):
		return fmt.Errorf("the account %q is none: up to 20 of a-z, 0-9, dot, dash and underscore", clip(p.Account))
	case p.Manager != "" && !accountName.MatchString(p.Manager):
		return fmt.Errorf("the manager's account %q is none", clip(p.Manager))
	case p.Email != "" && !mail.MatchString(p.Email):
		return fmt.Errorf("the mail address %q is none", clip(p.Email))
	case p.Mode != "" && p.Mode != "AUTO_STOP" && p.Mode != "ALWAYS_ON":
		return fmt.Errorf("the running mode %q is neither AUTO_STOP nor ALWAYS_ON", clip(p.Mode))
	case !p.Start.IsZero() && !p.End.IsZero() && p.End.Before(p.Start.Time):
		return errors.New("the last day is before the first")
	}
	return nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "..."
	}
	return s
}
