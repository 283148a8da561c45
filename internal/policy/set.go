package policy

// Set is the policies of one type that hold together: a principal's identity
// policies, the policies of one level of an organization. It does not change
// and may be used by many at once.
type Set struct {
	name     string
	policies []Policy
}

// NewSet puts policies together.
func NewSet(policies ...Policy) *Set { return NewLevel("", policies...) }

// NewLevel is NewSet for a level of an organization; name is the id of the
// root, the OU or the account.
func NewLevel(name string, policies ...Policy) *Set {
	return &Set{name: name, policies: append([]Policy(nil), policies...)}
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
