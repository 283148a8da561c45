package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tamachi/internal/desk/report"
)

// Text is one sentence in both languages. It is stored with the plan, since
// whoever approves it may read another language than whoever made it.
type Text struct {
	En string `json:"en"`
	Ja string `json:"ja"`
}

// Say writes a message in both languages; see report.Message.
func Say(m report.Message, pairs ...any) Text {
	return Text{m.In(report.English, pairs...), m.In(report.Japanese, pairs...)}
}

// In returns the sentence in a language.
func (t Text) In(l report.Lang) string {
	if l == report.Japanese {
		return t.Ja
	}
	return t.En
}

// Place is an account in a Region and the way there, so that a plan can be
// applied by another process.
type Place struct {
	Profile  string `json:"profile,omitempty"` // "" is the environment's
	Role     string `json:"role,omitempty"`    // assumed in Account; "" where the credentials are of that account
	Account  string `json:"account"`
	Region   string `json:"region"`
	Endpoint string `json:"endpoint,omitempty"` // "" is AWS itself
}

// Move is one change as data: an action of the table Actions, and what it is
// about.
type Move struct {
	Action string          `json:"action"` // mostly IAM's name of the call: workspaces:ModifyWorkspaceProperties
	Input  json.RawMessage `json:"input"`
}

// MoveOf makes a move; the input is a struct of the action's own.
func MoveOf(action string, input any) (Move, error) {
	b, err := json.Marshal(input)
	if err != nil {
		return Move{}, fmt.Errorf("encode the input of %s: %w", action, err)
	}
	return Move{action, b}, nil
}

// Step is one change of a plan.
type Step struct {
	N        int    `json:"n"`               // from 1; New sets it
	Place    int    `json:"place"`           // index into Places
	Group    string `json:"group,omitempty"` // steps of one group go in order, each after the one before is verified
	Wave     int    `json:"wave,omitempty"`  // begun when those of the waves before are over; from 1 on inside the plan's window only
	Vital    bool   `json:"vital,omitempty"` // when it fails or is skipped, nothing further is begun
	Resource string `json:"resource"`        // id or name that people know
	Owner    string `json:"owner,omitempty"` // whom it concerns
	What     Text   `json:"what"`
	Why      Text   `json:"why"`
	Lost     Text   `json:"lost,omitzero"`  // what no undo brings back
	More     *More  `json:"more,omitempty"` // what it costs more; nil where that is not known, or nothing
	CLI      string `json:"cli,omitempty"`  // the same by the AWS CLI
	Do       Move   `json:"do"`
	Undo     *Move  `json:"undo,omitempty"` // nil where there is no way back
}

// More is what a step costs more a month, at most, by the prices of the settings.
type More struct {
	Amount   string `json:"amount"` // a decimal number
	Currency string `json:"currency"`
}

// Plan is what a duty proposes.
type Plan struct {
	ID     string    `json:"id"`
	Digest string    `json:"digest"` // SHA-256 of all that follows; an approval is of this
	Duty   string    `json:"duty"`   // "cost sweep"
	Made   time.Time `json:"made"`
	By     string    `json:"by"` // ARN of the caller
	Reason string    `json:"reason,omitempty"`
	Undoes string    `json:"undoes,omitempty"` // the plan that this one takes back
	Places []Place   `json:"places"`
	// Together makes each group one transaction: when a step of it fails, the
	// steps before it are undone.
	Together bool            `json:"together,omitempty"`
	Window   string          `json:"window,omitempty"`   // when steps of waves are begun; see settings.Window
	Patience time.Duration   `json:"patience,omitempty"` // how long a step may take, where the options say less
	Stop     int             `json:"stop,omitempty"`     // after so many failures nothing further is begun, whatever the options say
	After    *After          `json:"after,omitempty"`    // what comes first
	Notes    []Text          `json:"notes,omitempty"`    // what is not done, and why
	Facts    json.RawMessage `json:"facts,omitempty"`    // what it was made from: the evidence
	Steps    []Step          `json:"steps"`
}

// maxSteps bounds a plan: it is kept in one file and read whole.
const maxSteps = 100_000

// New numbers the steps, checks the plan, and gives it its digest and id.
func New(p Plan) (*Plan, error) {
	p.Made = p.Made.UTC()
	for i := range p.Steps {
		p.Steps[i].N = i + 1
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("plan of %s: %w", p.Duty, err)
	}
	var err error
	if p.Digest, err = p.digest(); err != nil {
		return nil, err
	}
	p.ID = "p-" + p.Digest[:10]
	return &p, nil
}

func (p *Plan) check() error {
	switch {
	case p.Duty == "" || p.By == "" || p.Made.IsZero():
		return errors.New("duty, caller or time is missing")
	case len(p.Places) == 0:
		return errors.New("no account")
	case len(p.Steps) > maxSteps:
		return fmt.Errorf("%d steps; want at most %d", len(p.Steps), maxSteps)
	}
	for i, s := range p.Steps {
		if s.N != i+1 || s.Wave < 0 || s.Place < 0 || s.Place >= len(p.Places) || s.Do.Action == "" {
			return fmt.Errorf("step %d: number, place or action is wrong", i+1)
		}
	}
	return nil
}

func (p *Plan) digest() (string, error) {
	bare := *p
	bare.ID, bare.Digest = "", ""
	b, err := json.Marshal(&bare)
	if err != nil {
		return "", fmt.Errorf("encode the plan: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// token is the same each time a step is tried, and no other step's: what a call
// with a client token takes.
func (p *Plan) token(step int) string {
	sum := sha256.Sum256([]byte(p.Digest + "/" + strconv.Itoa(step)))
	return hex.EncodeToString(sum[:16])
}

var idForm = regexp.MustCompile(`^p-[0-9a-f]{10}$`)

// plain are words that a shell takes as they are.
var plain = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// Shell joins words to a line that can be pasted into a shell.
func Shell(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = w
		if !plain.MatchString(w) {
			quoted[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}
