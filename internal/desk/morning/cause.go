package morning

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
)

// CauseKind says how much is known of why a desktop is in ERROR.
type CauseKind string

// The kinds of cause.
const (
	// AccountOff: the directory refused the account that joins desktops, and
	// the trail shows who switched that account off before.
	AccountOff CauseKind = "service-account-off"
	// JoinRefused: the directory refused the account, but the trail does not
	// show why.
	JoinRefused CauseKind = "join-refused"
	// DirectorySick: joining failed and the directory is impaired now.
	DirectorySick CauseKind = "directory-impaired"
	// CauseUnknown: nothing but the desktop's own error is known.
	CauseUnknown CauseKind = "unknown"
)

// Cause is why desktops are in ERROR, with the facts that bear it out.
type Cause struct {
	Kind         CauseKind `json:"kind"`
	ErrorCode    string    `json:"errorCode,omitempty"`
	ErrorMessage string    `json:"errorMessage,omitempty"`
	Directory    string    `json:"directory,omitempty"`
	Account      string    `json:"account,omitempty"`    // that the directory refused
	Created      []Event   `json:"created,omitempty"`    // the calls that made the desktops, oldest first
	NotInTrail   bool      `json:"notInTrail,omitempty"` // the trail was read and does not show them being made
	Off          *Event    `json:"off,omitempty"`        // DisableUser or DeleteUser
	On           *Event    `json:"on,omitempty"`         // the ResetUserPassword that ended it
	State        State     `json:"accountState,omitempty"`
	Gone         bool      `json:"gone"` // a desktop that is created now will not meet it
}

// refused is how a desktop says that the directory did not take the account
// which joins desktops.
var refused = regexp.MustCompile(`joining directory (d-[0-9a-z]{1,32}) failed: bind as ([^\s:;,]{1,64}) refused`)

// aboutDirectory are words of an error that has to do with the directory.
var aboutDirectory = regexp.MustCompile(`(?i)\b(domain|director(y|ies)|join(ing|ed)?|dns|ldap|domainjoin)\b`)

// joinOf reads the directory and the account out of a desktop's error.
func joinOf(d Desktop) (Target, bool) {
	m := refused.FindStringSubmatch(d.ErrorMessage)
	if m == nil || m[1] != d.Directory {
		return Target{}, false
	}
	return Target{m[1], m[2]}, true
}

// suspects are the accounts that errors name, each once.
func suspects(desktops []Desktop) []Target {
	var out []Target
	for _, d := range desktops {
		if t, ok := joinOf(d); d.State == "ERROR" && ok && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// slack is how long after CreateWorkspaces a desktop may still be on its way
// to the directory: an account that was switched off meanwhile is the cause.
const slack = 40 * time.Minute

// causeOf finds the cause of one desktop's ERROR.
func (c *file) causeOf(d Desktop) *Cause {
	cause := &Cause{Kind: CauseUnknown, ErrorCode: d.ErrorCode, ErrorMessage: d.ErrorMessage, Directory: d.Directory}
	room := c.rooms[d.Directory]
	who, isJoin := joinOf(d)
	if !isJoin {
		if room.sick() && aboutDirectory.MatchString(d.ErrorCode+" "+d.ErrorMessage) {
			cause.Kind = DirectorySick
		}
		return cause
	}
	cause.Kind, cause.Account, cause.State = JoinRefused, who.User, c.states[target(who.Directory, who.User)]
	created, known := c.createdBy(d)
	if !known {
		cause.NotInTrail = !c.silent("cloudtrail:LookupEvents")
		return cause
	}
	story := c.story(who)
	off := offAt(story, created.Time)
	if off < 0 {
		return cause
	}
	cause.Kind, cause.Off = AccountOff, &story[off]
	cause.On = onAgain(story)
	switch cause.State {
	case Enabled:
		cause.Gone = true
	case "":
		cause.Gone = cause.On != nil
	}
	cause.Gone = cause.Gone && !room.sick()
	return cause
}

// story is what happened to an account, oldest first.
func (c *file) story(who Target) []Event {
	var out []Event
	for _, name := range accountEvents {
		for _, e := range c.byName[name] {
			if e.ErrorCode == "" && target(e.Directory, e.User) == target(who.Directory, who.User) {
				out = append(out, e)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Event) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(rank(a), rank(b)))
	})
	return out
}

// rank orders events of the same second, for the trail knows no finer time:
// an account is switched off before it is switched on.
func rank(e Event) int {
	if e.on() {
		return 1
	}
	return 0
}

func (e Event) on() bool { return e.Name == "ResetUserPassword" }

// offAt finds the event by which the account was off when a desktop created at
// a time was joined; -1 when the story shows none.
func offAt(story []Event, created time.Time) int {
	found := -1
	for i, e := range story {
		switch {
		case !e.Time.After(created) && !e.on():
			found = i
		case e.Time.Before(created):
			found = -1 // it was on again before the desktop was asked for
		case found < 0 && !e.on() && e.Time.Before(created.Add(slack)):
			found = i
		}
	}
	return found
}

// onAgain is the event since which the account is on, if the story ends so.
func onAgain(story []Event) *Event {
	var since *Event
	for i := range story {
		switch {
		case !story[i].on():
			since = nil
		case since == nil:
			since = &story[i]
		}
	}
	return since
}

// key groups desktops that share a cause.
func (c *Cause) key(d Desktop) string {
	parts := []string{string(c.Kind), d.Directory, c.Account}
	if c.Off != nil {
		parts = append(parts, c.Off.ID)
	}
	if c.Kind == CauseUnknown || c.Kind == DirectorySick {
		parts = append(parts, c.ErrorCode, strings.ReplaceAll(c.ErrorMessage, d.ID, ""))
	}
	return strings.Join(parts, "\x00")
}
