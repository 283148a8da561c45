package policy

// query is a request as the sets are asked.
type query struct {
	r              *Request
	whole, service uint64 // hashes of the action
	thorough       bool   // for an explanation: go on behind a Deny
	bounded        bool   // the caller is a user or role with a permissions boundary
}

func queryOf(r *Request, p *Policies) query {
	q := query{r: r, bounded: p.Boundary != nil && (r.Who.Kind == User || r.Who.Kind == RoleSession)}
	q.whole, q.service = hashes(r.Action)
	return q
}

// applies tells whether a statement, whose actions fit, is about the request
// and its conditions hold.
func (s *Statement) applies(q *query) (named Named, ok bool, unknown string) {
	if s.principals != nil {
		if named = s.principals.match(&q.r.Who); named == NotNamed && s.principals.inverted && s.Deny && q.bounded {
			named = ByAnyone
		}
		if named == NotNamed {
			return named, false, ""
		}
	}
	if ok, unknown = s.resources.match(q.r.Resource, q.r.Keys); !ok {
		return named, false, unknown
	}
	for i := range s.conditions {
		holds, unknown := s.conditions[i].holds(q.r.Keys)
		if unknown != "" {
			return named, false, unknown
		}
		ok = ok && holds // go on: an unknown key of a later condition must show
	}
	return named, ok, ""
}

func lookUp(c Context, key string) (values []string, known bool) {
	if c == nil {
		return nil, false
	}
	return c.Values(key)
}

// Result is what one document says by itself.
type Result struct {
	Outcome Outcome
	// Named says how an allowing statement of a resource's policy names the
	// caller; of several, the one that names it most closely.
	Named Named
	// Unknown names what could not be evaluated; the outcome is then an
	// explicit deny.
	Unknown string
}

// Evaluate decides one action on one resource with no condition key known.
func (d *Document) Evaluate(action, resource string) Outcome {
	return d.Decide(&Request{Action: action, Resource: resource}).Outcome
}

// Decide asks this document alone, for rooms that must know what a policy
// would do.
func (d *Document) Decide(r *Request) Result {
	q := queryOf(r, &Policies{})
	v := NewSet(Policy{Document: d}).decide(&q)
	switch {
	case v.denies:
		return Result{Outcome: ExplicitDeny, Unknown: v.unknown}
	case v.allows:
		return Result{Outcome: Allow, Named: v.named}
	}
	return Result{}
}
