package guard

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tamachi/internal/policy"
)

// Verdict is what the proposal does to a call.
type Verdict string

// The verdicts.
const (
	Passes    Verdict = "passes"
	CutOff    Verdict = "cut off"
	Undecided Verdict = "undecided"
)

// Row is the calls of one principal with one action that fare alike.
type Row struct {
	Principal string    `json:"principal"`
	Account   string    `json:"account"`
	Action    string    `json:"action"`
	Via       string    `json:"via,omitempty"` // the service that called with the principal's credentials
	Count     int       `json:"count"`
	Last      time.Time `json:"last"`
	// Verdict is that of the recorded way of calling; through a service it is that
	// of the forwarded session.
	Verdict Verdict `json:"verdict"`
	// ByRole and ByServiceLinked are the verdicts if the service called with a
	// role that it was given, or with its service-linked role; empty for direct
	// calls.
	ByRole          Verdict `json:"withServiceRole,omitempty"`
	ByServiceLinked Verdict `json:"withServiceLinkedRole,omitempty"`
	// Statement is what decides: the Sid or the number of the statement, and its
	// line; empty where nothing allows.
	Statement string `json:"statement,omitempty"`
	Line      int    `json:"line,omitempty"`
	// Missing are the condition keys, or "resource", that the record lacks.
	Missing []string `json:"missing,omitempty"`
}

// Result is what a proposal would have done to recorded calls.
type Result struct {
	Policy  string    `json:"policy"`
	Type    Kind      `json:"type"`
	Since   time.Time `json:"since"`
	Read    int       `json:"eventsRead"`
	Decided int       `json:"eventsDecided"`
	// Spared are calls that the proposal does not hold: of services, of
	// service-linked roles, of the management account, of accounts and principals
	// that are not the target; Refused were denied already.
	Spared  int   `json:"eventsSpared"`
	Refused int   `json:"eventsAlreadyDenied"`
	Rows    []Row `json:"rows"`
}

// Target is whom a proposal would hold.
type Target struct {
	Accounts   []string // empty for all
	Principal  string   // the ARN of a role or user; empty for all
	Management string   // the management account, which control policies spare
}

// Trial decides records with a proposal. It is not for use by many at once;
// Join brings several together.
type Trial struct {
	proposal *Proposal
	target   Target
	result   Result
	rows     map[string]*Row // by Row.key
	known    map[string]Row
}

// newTrial begins one.
func newTrial(p *Proposal, t Target) *Trial {
	return &Trial{proposal: p, target: t, rows: map[string]*Row{}, known: map[string]Row{}}
}

// Add decides one record.
func (t *Trial) Add(r *Record) {
	t.result.Read++
	switch {
	case r.refused():
		t.result.Refused++
		return
	case !t.holds(r):
		t.result.Spared++
		return
	}
	t.result.Decided++
	row := t.decide(r)
	if row.Verdict == Passes && row.ByRole != CutOff && row.ByRole != Undecided {
		return
	}
	have := t.rows[row.key()]
	if have == nil {
		have = &row
		t.rows[row.key()] = have
	}
	have.Count++
	if r.EventTime.After(have.Last) {
		have.Last = r.EventTime
	}
}

// key is what rows of one kind have in common.
func (r *Row) key() string {
	return strings.Join([]string{r.Principal, r.Account, r.Action, r.Via, string(r.Verdict), string(r.ByRole), r.Statement}, "\x00")
}

// holds tells whether the proposal is about a record's caller.
func (t *Trial) holds(r *Record) bool {
	id := r.UserIdentity
	switch {
	case id.Type == "AWSService", id.AccountID == "", strings.Contains(r.principal(), ":role/aws-service-role/"):
		return false
	case len(t.target.Accounts) > 0 && !slices.Contains(t.target.Accounts, id.AccountID):
		return false
	case t.target.Principal != "" && r.principal() != t.target.Principal:
		return false
	}
	return t.proposal.Kind == Boundary || id.AccountID != t.target.Management
}

// decide finds the row of a record, from memory where an equal one was decided
// before: equal in all that the proposal asks for.
func (t *Trial) decide(r *Record) Row {
	var b strings.Builder
	resource := ""
	if !t.proposal.blind {
		resource = r.resource()
	}
	for _, part := range []string{r.principal(), r.UserIdentity.Type, r.action(), r.via(), resource} {
		b.WriteString(part)
		b.WriteByte(0)
	}
	for _, key := range t.proposal.keys {
		values, known := circumstances{r, direct}.Values(key)
		if !known {
			b.WriteByte(1)
		}
		for _, v := range values {
			b.WriteString(v)
		}
		b.WriteByte(0)
	}
	row, known := t.known[b.String()]
	if !known {
		row = t.fresh(r)
		if len(t.known) < maxKnown {
			t.known[b.String()] = row
		}
	}
	return row
}

// maxKnown bounds what a trial remembers.
const maxKnown = 200_000

func (t *Trial) fresh(r *Record) Row {
	row := Row{Principal: r.principal(), Account: r.UserIdentity.AccountID, Action: r.action(), Via: r.via()}
	if row.Via == "" {
		row.Verdict = t.verdict(r, direct, &row)
		return row
	}
	row.Verdict = t.verdict(r, forwarded, &row)
	row.ByRole = t.verdict(r, byRole, &row)
	row.ByServiceLinked = t.verdict(r, byServiceRole, &row)
	return row
}

// verdict decides one way of calling and enters what decided.
func (t *Trial) verdict(r *Record, how mode, row *Row) Verdict {
	request := &policy.Request{Action: r.action(), Resource: r.resource(), Who: r.who(how), Keys: circumstances{r, how}}
	with := t.proposal.policies(t.proposal.set)
	d := policy.Decide(request, with)
	if request.Resource == "*" {
		if other := policy.Decide(request, t.proposal.policies(t.proposal.anywhere)); other.Outcome != d.Outcome {
			row.lacks("resource")
			return Undecided
		}
	}
	if d.Allowed() {
		return Passes
	}
	diagnosis := policy.Explain(request, with)
	if d.Unknown != "" {
		for _, f := range diagnosis.Findings {
			for _, c := range f.Conditions {
				if !c.Known {
					row.lacks(c.Key)
				}
			}
		}
		return Undecided
	}
	for _, f := range diagnosis.Findings {
		if f.Deny && f.Applies && row.Statement == "" {
			row.Statement, row.Line = statementName(f.SID, f.Statement), f.Start.Line
		}
	}
	return CutOff
}

// statementName is the Sid of a statement, or its number from 1 on.
func statementName(sid string, index int) string {
	if sid != "" {
		return sid
	}
	return "#" + strconv.Itoa(index+1)
}

func (r *Row) lacks(key string) {
	if !slices.Contains(r.Missing, key) {
		r.Missing = append(r.Missing, key)
	}
}

// resource is the ARN that the call was about, or "*" where the record names
// none or several.
func (r *Record) resource() string {
	if len(r.Resources) == 1 && r.Resources[0] != "" {
		return r.Resources[0]
	}
	return "*"
}

// Join adds what another trial of the same proposal found.
func (t *Trial) Join(other *Trial) {
	t.result.Read += other.result.Read
	t.result.Decided += other.result.Decided
	t.result.Spared += other.result.Spared
	t.result.Refused += other.result.Refused
	for key, row := range other.rows {
		have := t.rows[key]
		if have == nil {
			t.rows[key] = row
			continue
		}
		have.Count += row.Count
		if row.Last.After(have.Last) {
			have.Last = row.Last
		}
	}
}

// Result lists who would be cut off first, then what could not be decided, the
// most calls first.
func (t *Trial) Result() *Result {
	out := t.result
	out.Policy, out.Type, out.Rows = t.proposal.Name, t.proposal.Kind, []Row{}
	for _, row := range t.rows {
		out.Rows = append(out.Rows, *row)
	}
	rank := map[Verdict]int{CutOff: 0, Undecided: 1, Passes: 2}
	slices.SortFunc(out.Rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(rank[a.Verdict], rank[b.Verdict]), cmp.Compare(b.Count, a.Count),
			strings.Compare(a.Principal, b.Principal), strings.Compare(a.Action, b.Action), strings.Compare(a.Via, b.Via))
	})
	return &out
}
