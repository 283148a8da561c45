package policy

import "errors"

// NotGranted looks for a request that a document allows with one of some actions
// on one of some resources, all written as in a policy; no actions mean any, no
// resources likewise.
func NotGranted(d *Document, actions, resources []string) (Proof, error) {
	var act, res []wish
	if len(actions) > 0 {
		w, err := wishOf(actions, likeText)
		if err != nil {
			return Proof{}, err
		}
		act = []wish{w}
	}
	if len(resources) > 0 {
		w, err := wishOf(resources, resourceText)
		if err != nil {
			return Proof{}, err
		}
		res = []wish{w}
	}
	by := alone(d)
	return eachAllow(d, func(r *rectangle, s *search) (*Request, error) {
		r.actions, r.resources = append(r.actions, act...), append(r.resources, res...)
		p, err := s.outside(r, r.covers(d.Statements, isDeny))
		if p == nil {
			return nil, err
		}
		return s.witness(r, p, func(q *Request) bool { return Decide(q, by).Allowed() }, d)
	}), nil
}

// wishOf reads patterns that a caller gave.
func wishOf(texts []string, as style) (wish, error) {
	var w wish
	for _, text := range texts {
		if as == likeText {
			text = lowered(text)
		}
		p, err := compile(text, as, false)
		if err != nil {
			return w, err
		}
		w.patterns = append(w.patterns, glyphs(p.text))
	}
	return w, nil
}

// NoNew looks for a request that a document allows and an existing one does not.
func NoNew(updated, existing *Document) Proof {
	now, before := alone(updated), alone(existing)
	fresh := func(q *Request) bool { return Decide(q, now).Allowed() && !Decide(q, before).Allowed() }
	return eachAllow(updated, func(r *rectangle, s *search) (*Request, error) {
		p, err := s.outside(r, append(r.covers(updated.Statements, isDeny), r.covers(existing.Statements, isAllow)...))
		if err != nil {
			return nil, err
		}
		if p != nil {
			return s.witness(r, p, fresh, updated, existing)
		}
		for i := range existing.Statements {
			if !existing.Statements[i].Deny {
				continue
			}
			if s.left -= 10 * len(updated.Statements); s.left < 0 { // what reading them costs
				return nil, errTooHard
			}
			denied := r.within(&existing.Statements[i])
			p, err := s.outside(denied, denied.covers(updated.Statements, isDeny))
			if err != nil {
				return nil, err
			}
			if p != nil {
				return s.witness(denied, p, fresh, updated, existing)
			}
		}
		return nil, nil
	})
}

// NotPublic looks for a request of anybody at all that the policy of a resource
// allows. trusted tells which conditions limit who calls.
func NotPublic(d *Document, trusted func(operator, key string, values []string) bool) Proof {
	by := alone(d)
	return eachAllow(d, func(r *rectangle, s *search) (*Request, error) {
		who := r.of.principals
		if who == nil || !who.anyone && !who.inverted {
			return nil, nil
		}
		for i := range r.conditions {
			c := &r.conditions[i]
			if !c.ifExists && c.each != forAllValues && !c.operator.negated && trusted(c.name, c.key, c.texts) {
				return nil, nil
			}
		}
		p, err := s.outside(r, r.covers(d.Statements, isDeny))
		if p == nil {
			return nil, err
		}
		return s.witness(r, p, func(q *Request) bool { return Decide(q, by).Allowed() }, d)
	})
}

// errNoWitness says that what could not be proved was not refuted either.
var errNoWitness = errors.New("no request was found that shows it")

// eachAllow looks at every Allow of a document.
func eachAllow(d *Document, look func(*rectangle, *search) (*Request, error)) Proof {
	out := Proof{Verdict: Proved}
	if d.unreadable != "" {
		return out
	}
	s := &search{left: mostSteps, tries: mostTries}
	for i := range d.Statements {
		st := &d.Statements[i]
		if st.Deny {
			continue
		}
		q, err := look(allowedBy(st), s)
		switch {
		case err != nil:
			if out.Verdict == Proved {
				out.Verdict = Open
			}
		case q != nil:
			if out.Witness == nil {
				out.Witness, out.Statements = q, nil
			}
			out.Verdict = Refuted
		}
		if q != nil || err != nil && out.Witness == nil {
			out.Statements = append(out.Statements, i)
		}
	}
	return out
}
