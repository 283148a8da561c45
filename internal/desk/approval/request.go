package approval

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tamachi/internal/desk/settings"
)

// Request asks people to agree.
type Request struct {
	ID       string          `json:"id"`
	Subject  string          `json:"subject"` // what is asked for: "plan p-1f0a33c2d4"
	Digest   string          `json:"digest"`  // of exactly what is agreed to
	Duty     string          `json:"duty"`
	Title    Title           `json:"title"`            // in one sentence
	By       string          `json:"by"`               // ARN of who asks
	Person   string          `json:"person,omitempty"` // and who that is
	For      []string        `json:"for,omitempty"`    // people whom it is for: they do not vote
	Reason   string          `json:"reason,omitempty"`
	Evidence json.RawMessage `json:"evidence,omitempty"`
	Made     time.Time       `json:"made"`
	Expires  time.Time       `json:"expires"`
	Stages   []Stage         `json:"stages"`
	Rule     *Rule           `json:"rule,omitempty"` // what a rule of the settings said; nil where there is none
}

// Rule is what a rule of the settings said about a request, which whoever makes
// the request has asked it. Where it agrees, nobody votes.
type Rule struct {
	Name   string   `json:"name"` // its key: approvals.diagnose slow.auto
	Agrees bool     `json:"agrees"`
	Why    Title    `json:"why"`
	Of     []string `json:"of,omitempty"` // resources that it agreed to
}

func (r *Request) ruled() bool { return r.Rule != nil && r.Rule.Agrees }

// Title is a sentence in both languages.
type Title struct {
	En string `json:"en"`
	Ja string `json:"ja"`
}

// Stage is one group that must agree; the next is asked when it has.
type Stage struct {
	Name string   `json:"name,omitempty"`
	Of   []string `json:"of"` // names of people, sorted
	Need int      `json:"need"`
}

// Vote is what somebody decided.
type Vote struct {
	At     time.Time `json:"at"`
	Person string    `json:"person"`
	By     string    `json:"by"`  // how they were known: an ARN, a Slack member id, a mail address
	Via    Via       `json:"via"` // the way it came
	Agree  bool      `json:"agree"`
	Reason string    `json:"reason,omitempty"`
	Stage  int       `json:"stage"` // index; Decide sets it
}

// Via is the way a vote came.
type Via string

// The ways of a vote.
const (
	CLI     Via = "cli"
	Slack   Via = "slack"
	Link    Via = "link" // in a mail
	Console Via = "console"
)

// State is where a request stands.
type State string

// The states. Pending becomes one of the others, Approved can expire.
const (
	Pending  State = "PENDING"
	Approved State = "APPROVED"
	Rejected State = "REJECTED"
	Expired  State = "EXPIRED"
)

// Why a vote does not count.
var (
	ErrUnknown  = errors.New("no such request; `tamachi approval list` lists them")
	ErrSelf     = errors.New("nobody decides about what they asked for themselves, or what is for them")
	ErrNotAsked = errors.New("this person is not asked at this stage")
	ErrTwice    = errors.New("this person has voted already")
	ErrClosed   = errors.New("it is decided already")
	ErrExpired  = errors.New("the request has expired")
	ErrReason   = errors.New("a reason is wanted")
	ErrNobody   = errors.New("the settings say of nobody that this is theirs (people.NAME.aws)")
)

// defaultLife is how long a request holds where the rule does not say.
const defaultLife = 7 * 24 * time.Hour

// New makes a request by a rule of the settings.
func New(r Request, rule settings.Approval, s *settings.Settings, now time.Time) (*Request, error) {
	if rule.Reason && r.Reason == "" {
		return nil, ErrReason
	}
	if r.Digest == "" || r.Subject == "" || r.By == "" || len(rule.Stages) == 0 {
		return nil, errors.New("a request needs a subject, its digest, who asks and who is asked")
	}
	r.Made, r.Person = now.UTC(), s.Caller(r.By)
	life := rule.Expires
	if life == 0 {
		life = defaultLife
	}
	r.Expires = r.Made.Add(life)
	r.Stages = nil
	for _, st := range rule.Stages {
		r.Stages = append(r.Stages, Stage{st.Name, s.Members(st.Of), max(1, st.Need)})
	}
	sum := sha256.Sum256([]byte(r.Digest + r.Made.Format(time.RFC3339Nano)))
	r.ID = "a-" + hex.EncodeToString(sum[:5])
	return &r, r.possible()
}

// possible tells of a request that can never be agreed to, because those who are
// asked are those who may not vote.
func (r *Request) possible() error {
	if r.ruled() {
		return nil
	}
	var used []string
	for i, st := range r.Stages {
		able := 0
		for _, p := range st.Of {
			if !r.partial(p) {
				able++
				used = append(used, p)
			}
		}
		if able < st.Need {
			return fmt.Errorf("stage %d: %d of %s must agree, and %w", i+1, st.Need, st.Of, ErrSelf)
		}
	}
	need := 0
	for _, st := range r.Stages {
		need += st.Need
	}
	slices.Sort(used)
	if able := len(slices.Compact(used)); able < need {
		return fmt.Errorf("%d votes are needed of %d people, and nobody votes twice", need, able)
	}
	return nil
}

// partial tells of a person who may not decide about this.
func (r *Request) partial(person string) bool {
	return person == r.Person || slices.Contains(r.For, person)
}

// Record is a request with its votes.
type Record struct {
	Request *Request `json:"request"`
	Votes   []Vote   `json:"votes"`
}

// State is where the request stands at a time, and the stage that is asked.
func (r *Record) State(now time.Time) (State, int) {
	stage, agreed := 0, 0
	if r.Request.ruled() {
		stage = len(r.Request.Stages)
	}
	for _, v := range r.Votes {
		if !v.Agree {
			return Rejected, stage
		}
		if agreed++; agreed >= r.Request.Stages[stage].Need {
			stage, agreed = stage+1, 0
		}
		if stage == len(r.Request.Stages) {
			break
		}
	}
	switch {
	case !now.Before(r.Request.Expires):
		return Expired, stage
	case stage == len(r.Request.Stages):
		return Approved, stage
	}
	return Pending, stage
}

// Asked are the people whose vote is wanted now.
func (r *Record) Asked(now time.Time) []string {
	state, stage := r.State(now)
	if state != Pending {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.Request.Stages[stage].Of), func(p string) bool {
		return r.Request.partial(p) || r.voted(p)
	})
}

func (r *Record) voted(person string) bool {
	return slices.ContainsFunc(r.Votes, func(v Vote) bool { return v.Person == person })
}

// judge tells whether a vote counts, and for which stage.
func (r *Record) judge(v Vote, now time.Time) (stage int, err error) {
	state, stage := r.State(now)
	switch {
	case v.Person == "":
		return 0, ErrNobody
	case v.By == r.Request.By || r.Request.partial(v.Person):
		return 0, ErrSelf
	case r.voted(v.Person):
		return 0, ErrTwice
	case state == Expired:
		return 0, ErrExpired
	case state != Pending:
		return 0, ErrClosed
	case !slices.Contains(r.Request.Stages[stage].Of, v.Person):
		return 0, ErrNotAsked
	case !v.Agree && v.Reason == "":
		return 0, ErrReason
	}
	return stage, nil
}
