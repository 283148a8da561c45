package guard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/policy"
)

// Question is one thing that somebody wants to do, or did.
type Question struct {
	Principal string // the ARN of a user or role, or its name
	Action    string
	Resource  string
	// Record is the call in question, where there was one: it knows the conditions.
	Record *Record
	// At is when it is done; zero leaves it open, so that what depends on the time
	// depends on the call.
	At time.Time
}

// Answer is whether it is allowed and why.
type Answer struct {
	Principal string `json:"principal"`
	Action    string `json:"action"`
	Resource  string `json:"resource"`
	May       May    `json:"may"`
	// By is the type of policy that denies, in AWS's words.
	By string `json:"by,omitempty"`
	// Path are the statements that are about the request, in the order in which
	// AWS evaluates types of policies.
	Path    []Step   `json:"path"`
	Missing []string `json:"missingKeys,omitempty"`
	Changes []string `json:"changes,omitempty"`
	// Keepers are the principals of the account who may change the policies of the
	// one in question.
	Keepers []string `json:"keepers,omitempty"`
	// Recorded is what AWS answered then, where the question is about a call.
	Recorded string `json:"recorded,omitempty"`
}

// Step is one statement on the path.
type Step struct {
	Type       string      `json:"type"`
	Level      string      `json:"level,omitempty"`
	Policy     string      `json:"policy"`
	Statement  string      `json:"statement"`
	Line       int         `json:"line"`
	Deny       bool        `json:"deny"`
	Applies    bool        `json:"applies"`
	Unknown    string      `json:"unknown,omitempty"`
	Conditions []Condition `json:"conditions,omitempty"`
}

// Condition is one condition of a statement with what it met.
type Condition struct {
	Operator string   `json:"operator"`
	Key      string   `json:"key"`
	Wanted   []string `json:"wanted"`
	Got      []string `json:"got,omitempty"`
	Known    bool     `json:"known"`
	Holds    bool     `json:"holds"`
}

// ErrNobody reports a principal that the account does not have.
var ErrNobody = errors.New("the account has no such user or role")

// Find is the user or role of an ARN or of a name.
func (e *Estate) Find(principal string) (*Holder, error) {
	for _, h := range e.Holders {
		name := h.Name()
		if name == principal || name[strings.LastIndexByte(name, '/')+1:] == principal {
			return h, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", principal, ErrNobody)
}

// Ask decides a question.
func (e *Estate) Ask(q Question) (*Answer, error) {
	h, err := e.Find(q.Principal)
	if err != nil {
		return nil, err
	}
	r, p := e.request(h, q.Action, q.Resource, standing{h, e})
	if q.Record != nil {
		r.Keys = told{circumstances{q.Record, direct}, standing{h, e}}
	}
	if !q.At.IsZero() {
		r.Keys = moment{r.Keys, q.At.UTC()}
	}
	d := policy.Explain(r, p)
	a := &Answer{Principal: h.Name(), Action: q.Action, Resource: q.Resource, May: No, Missing: d.Missing, Path: []Step{}}
	switch {
	case d.Decision.Allowed():
		a.May = Yes
	case d.Decision.Unknown != "":
		a.May = Depends
	}
	if a.May == No {
		a.By = d.Decision.By.String()
	}
	for i := range d.Findings {
		a.Path = append(a.Path, step(&d.Findings[i]))
	}
	for _, c := range d.Changes {
		a.Changes = append(a.Changes, change(d, c))
	}
	if a.May != Yes {
		a.Keepers = e.keepers(h)
	}
	if q.Record != nil {
		a.Recorded = q.Record.ErrorCode
	}
	return a, nil
}

// moment knows when a request is made.
type moment struct {
	policy.Context
	at time.Time
}

// Values returns the values of a key in lower case.
func (m moment) Values(key string) ([]string, bool) {
	switch key {
	case "aws:currenttime":
		return []string{m.at.Format(time.RFC3339)}, true
	case "aws:epochtime":
		return []string{strconv.FormatInt(m.at.Unix(), 10)}, true
	}
	return m.Context.Values(key)
}

// told answers from the record first, and from what is known of the principal.
type told struct {
	circumstances
	standing
}

// Values returns the values of a key in lower case.
func (t told) Values(key string) ([]string, bool) {
	if values, known := t.circumstances.Values(key); known {
		return values, true
	}
	return t.standing.Values(key)
}

func step(f *policy.Finding) Step {
	s := Step{
		Type: f.Type.String(), Level: f.Level, Policy: f.Policy.Name, Statement: statementName(f.SID, f.Statement), Line: f.Start.Line,
		Deny: f.Deny, Applies: f.Applies, Unknown: f.Unknown,
	}
	for _, c := range f.Conditions {
		s.Conditions = append(s.Conditions, Condition(c))
	}
	return s
}

// change says in AWS's words for types what stands in the way.
func change(d *policy.Diagnosis, c policy.Change) string {
	where := c.Type.String()
	if c.Level != "" {
		where += " at " + c.Level
	}
	switch {
	case c.Finding < 0 && c.Unknown != "":
		return where + ": " + c.Unknown
	case c.Finding < 0:
		return where + ": no statement allows it"
	}
	f := &d.Findings[c.Finding]
	name := f.Policy.Name + ", " + statementName(f.SID, f.Statement)
	if c.Unknown != "" {
		return where + ": " + name + " asks for " + c.Unknown
	}
	return where + ": " + name + " denies it"
}

// keepers are those who may change what a user or role may do.
func (e *Estate) keepers(h *Holder) []string {
	action := "iam:AttachUserPolicy"
	if h.Who.Behind != "" {
		action = "iam:AttachRolePolicy"
	}
	var out []string
	for _, a := range e.WhoCan(action, h.Name()) {
		if a.May == Yes {
			out = append(out, a.Principal)
		}
	}
	return out
}

// mostScanned bounds how many events are read in search of a request id.
const mostScanned = 5_000

// ErrNoEvent reports a call that the trail does not know.
var ErrNoEvent = errors.New("the trail has no such event or request")

// recall finds a recorded call by its event id or its request id, which is what
// people have from an error message. Request ids are looked for in the newest
// events since a time.
func recall(ctx context.Context, api account.Trail, id string, since time.Time) (*Record, error) {
	byID := &cloudtrail.LookupEventsInput{LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyEventId, AttributeValue: &id}}}
	out, err := api.LookupEvents(ctx, byID)
	if err != nil {
		return nil, account.Explain("cloudtrail:LookupEvents", err)
	}
	if len(out.Events) > 0 {
		return readRecord([]byte(aws.ToString(out.Events[0].CloudTrailEvent)))
	}
	var found *Record
	scanned := 0
	in := &cloudtrail.LookupEventsInput{StartTime: &since, MaxResults: aws.Int32(50)}
	err = account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		in.NextToken = token
		out, err := api.LookupEvents(ctx, in)
		if err != nil {
			return nil, account.Explain("cloudtrail:LookupEvents", err)
		}
		for _, e := range out.Events {
			var r struct{ RequestID string }
			if json.Unmarshal([]byte(aws.ToString(e.CloudTrailEvent)), &r) == nil && r.RequestID == id {
				found, err = readRecord([]byte(aws.ToString(e.CloudTrailEvent)))
				return nil, err
			}
		}
		if scanned += len(out.Events); scanned >= mostScanned {
			return nil, nil
		}
		return out.NextToken, nil
	})
	if err == nil && found == nil {
		err = fmt.Errorf("%s: %w", id, ErrNoEvent)
	}
	return found, err
}

// Ask makes the question of a recorded call.
func (r *Record) Ask() Question {
	return Question{Principal: r.principal(), Action: r.action(), Resource: r.resource(), Record: r}
}
