package policy

import "slices"

// Diagnosis is a decision with all that led to it.
type Diagnosis struct {
	Decision Decision
	// Findings are the statements that are about the request (their principal,
	// action and resource fit), type by type in the order of evaluation.
	Findings []Finding
	// Missing are the condition keys, as they were written, that those statements
	// ask for and the request does not carry.
	Missing []string
	// Changes are what would have to be otherwise for the request to be allowed:
	// all of them. It is empty for what is allowed.
	Changes []Change
}

// Finding is one statement that is about the request.
type Finding struct {
	Type       Type
	Level      string // of an SCP or RCP: the id of the root, the OU or the account
	Policy     Policy
	SID        string
	Statement  int // counted from 0 in its document
	Start, End Position
	Deny       bool
	Applies    bool   // its conditions hold
	Unknown    string // why it cannot be evaluated
	Conditions []Checked
}

// Checked is one condition of a statement.
type Checked struct {
	Operator string   // as it was written
	Key      string   // as it was written
	Wanted   []string // the values of the policy, as they were written
	Got      []string // the values of the request; none where the key is absent
	Known    bool     // somebody vouches for the key
	Holds    bool
}

// Change is one thing that stands in the way.
type Change struct {
	Type  Type
	Level string
	// Finding is the index of the statement that denies, or that cannot be
	// evaluated; -1 where an allow is missing, or a document cannot be read.
	Finding int
	Unknown string
}

// Explain decides as Decide does and says why.
func Explain(r *Request, p *Policies) *Diagnosis {
	var a answers
	q := queryOf(r, p)
	q.thorough = true
	a.ask(&q, p)
	d := &Diagnosis{Decision: a.decide(r)}
	e := explanation{d: d, q: q}
	if heldByRCPs(r) {
		e.levels(RCP, p.RCPs)
	}
	if heldBySCPs(&r.Who) {
		e.levels(SCP, p.SCPs)
	}
	e.set(VPCEndpoint, p.Endpoint)
	e.set(a.rule, p.Resource)
	if r.Who.inAccount() {
		e.set(Identity, p.Identity)
		e.set(Boundary, p.Boundary)
		e.set(Session, p.Session)
	}
	if !d.Decision.Allowed() {
		e.lacking(&a, r, p)
	}
	return d
}

// explanation fills a diagnosis.
type explanation struct {
	d *Diagnosis
	q query
}

func (e *explanation) levels(t Type, sets []*Set) {
	for _, s := range sets {
		e.set(t, s)
	}
}

// set enters what the statements of a set say.
func (e *explanation) set(t Type, s *Set) {
	if s == nil {
		return
	}
	for _, p := range s.policies {
		if why := p.Document.unreadable; why != "" {
			e.d.Changes = append(e.d.Changes, Change{Type: t, Level: s.name, Finding: -1, Unknown: why})
		}
	}
	for i := range s.rules {
		if s.rules[i].actions.match(e.q.r.Action) {
			e.rule(t, s, &s.rules[i])
		}
	}
}

// rule enters a statement whose action fits, if it is about the request.
func (e *explanation) rule(t Type, s *Set, r *rule) {
	bare := *r.Statement
	bare.conditions = nil
	if _, about, unknown := bare.applies(&e.q); !about && unknown == "" {
		return
	}
	f := Finding{Type: t, Level: s.name, Policy: s.policies[r.policy], SID: r.SID, Statement: r.statement, Deny: r.Deny}
	f.Start, f.End = f.Policy.Document.Span(r.statement)
	_, f.Applies, f.Unknown = r.applies(&e.q)
	for i := range r.resources.list {
		e.variables(r.resources.list[i].variables)
	}
	for i := range r.conditions {
		f.Conditions = append(f.Conditions, e.condition(&r.conditions[i]))
	}
	if f.Unknown != "" || f.Applies && f.Deny {
		e.d.Changes = append(e.d.Changes, Change{Type: t, Level: s.name, Finding: len(e.d.Findings), Unknown: f.Unknown})
	}
	e.d.Findings = append(e.d.Findings, f)
}

func (e *explanation) condition(c *condition) Checked {
	out := Checked{Operator: c.name, Key: c.written, Wanted: c.texts}
	out.Got, out.Known = lookUp(e.q.r.Keys, c.key)
	out.Holds, _ = c.holds(e.q.r.Keys)
	if len(out.Got) == 0 && c.operator.kind != null {
		e.missing(c.written)
	}
	for i := range c.operands {
		e.variables(c.operands[i].variables)
	}
	return out
}

func (e *explanation) variables(all []variable) {
	for i := range all {
		if values, _ := lookUp(e.q.r.Keys, all[i].key); len(values) == 0 {
			e.missing(all[i].written)
		}
	}
}

func (e *explanation) missing(key string) {
	if !slices.Contains(e.d.Missing, key) {
		e.d.Missing = append(e.d.Missing, key)
	}
}

// lacking enters the allows that are missing, besides what denies explicitly.
func (e *explanation) lacking(a *answers, r *Request, p *Policies) {
	lacks, order := a.lacks(r)
	for _, t := range order {
		switch {
		case !lacks[t]:
		case t != SCP:
			e.d.Changes = append(e.d.Changes, Change{Type: t, Finding: -1})
		default:
			for _, s := range p.SCPs {
				if !s.decide(&e.q).allows {
					e.d.Changes = append(e.d.Changes, Change{Type: t, Level: s.name, Finding: -1})
				}
			}
		}
	}
}
