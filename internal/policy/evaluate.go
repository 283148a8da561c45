package policy

import "strings"

// Result is what one document says, and which statement made it.
type Result struct {
	Outcome Outcome
	// SID and Index name the deciding statement; Index counts from 0 and is -1
	// where none decided.
	SID   string
	Index int
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

// Decide decides a request by this document alone.
func (d *Document) Decide(r *Request) Result {
	out := Result{Index: -1}
	if d.unreadable != "" {
		return Result{Outcome: ExplicitDeny, Index: -1, Unknown: d.unreadable}
	}
	action := strings.ToLower(r.Action)
	for i := range d.Statements {
		s := &d.Statements[i]
		named, applies, unknown := s.applies(r, action)
		if unknown != "" {
			return Result{Outcome: ExplicitDeny, SID: s.SID, Index: i, Unknown: unknown}
		}
		if !applies {
			continue
		}
		if s.Deny {
			// An unknown of a later statement would say no more than this does.
			return Result{Outcome: ExplicitDeny, SID: s.SID, Index: i, Named: named}
		}
		if out.Outcome != Allow || named > out.Named {
			out = Result{Outcome: Allow, SID: s.SID, Index: i, Named: named}
		}
	}
	return out
}

// applies tells whether a statement is about the request and its conditions
// hold.
func (s *Statement) applies(r *Request, action string) (named Named, ok bool, unknown string) {
	if s.principals != nil {
		if named = s.principals.match(&r.Who); named == NotNamed {
			return named, false, ""
		}
	}
	if ok, unknown = s.actions.matchAny(action, r.Keys, match); !ok {
		return named, false, unknown
	}
	if ok, unknown = s.resources.matchAny(r.Resource, r.Keys, matchARN); !ok {
		return named, false, unknown
	}
	ok = true
	for i := range s.conditions {
		holds, unknown := s.conditions[i].holds(r.Keys)
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
