package policy

// Set is the policies of one type that hold together: a principal's identity
// policies, the policies of one level of an organization. It is compiled once,
// does not change and may be used by many at once.
type Set struct {
	name     string
	policies []Policy
	rules    []rule
	index    index
	// unreadable says why one of the documents could not be read; the set denies
	// everything then.
	unreadable string
}

// rule is a statement with where it stands.
type rule struct {
	*Statement
	policy, statement int
}

// NewSet puts policies together.
func NewSet(policies ...Policy) *Set { return NewLevel("", policies...) }

// NewLevel is NewSet for a level of an organization; name is the id of the
// root, the OU or the account.
func NewLevel(name string, policies ...Policy) *Set {
	s := &Set{
		name: name, policies: append([]Policy(nil), policies...),
		index: index{exact: map[uint64][]named{}, service: map[uint64][]named{}},
	}
	for i, p := range s.policies {
		if p.Document.unreadable != "" {
			s.unreadable = p.Document.unreadable
		}
		for j := range p.Document.Statements {
			st := &p.Document.Statements[j]
			s.index.add(int32(len(s.rules)), &st.actions)
			s.rules = append(s.rules, rule{st, i, j})
		}
	}
	return s
}

// Name is that of a level; else empty.
func (s *Set) Name() string { return s.name }

// Policies are what the set was made of, in their order. The caller must not
// change them.
func (s *Set) Policies() []Policy {
	if s == nil {
		return nil
	}
	return s.policies
}

// verdict is what the policies of one type say.
type verdict struct {
	allows  bool
	denies  bool
	named   Named  // how closely what allows names the caller
	unknown string // why it denies, when no Deny does
}

// decide asks every rule that may be about the request. A nil set has nothing
// to say.
func (s *Set) decide(q *query) verdict {
	v := verdict{}
	if s == nil {
		return v
	}
	if s.unreadable != "" {
		v.denies, v.unknown = true, s.unreadable
		return v
	}
	for _, n := range s.index.exact[q.whole] {
		if sameFold(n.action, q.r.Action) && s.ask(n.rule, q, &v) {
			return v
		}
	}
	for _, n := range s.index.service[q.service] {
		if matchFold(n.action, q.r.Action) && s.ask(n.rule, q, &v) {
			return v
		}
	}
	for _, i := range s.index.all {
		if s.ask(i, q, &v) {
			return v
		}
	}
	for _, i := range s.index.others {
		if s.rules[i].actions.match(q.r.Action) && s.ask(i, q, &v) {
			return v
		}
	}
	return v
}

// ask enters what a rule about the request's action says; done tells that a
// Deny applies, after which nothing else counts for a decision.
func (s *Set) ask(i int32, q *query, v *verdict) (done bool) {
	st := s.rules[i].Statement
	if v.allows && st.silent && !st.Deny {
		return false // it could only allow again
	}
	named, applies, unknown := st.applies(q)
	switch {
	case unknown != "":
		if !v.denies {
			v.denies, v.unknown = true, unknown
		}
	case applies && st.Deny:
		v.denies, v.unknown = true, ""
		return !q.thorough
	case applies:
		v.allows = true
		v.named = max(v.named, named)
	}
	return false
}
