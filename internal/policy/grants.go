package policy

// Grants tells whether the policies could allow an action at all: a statement
// allows it on some resource under some conditions, and none denies it on every
// resource under no condition. It is what the access advisor of IAM counts as
// access to a service (IAM User Guide, "Refine permissions in AWS using last
// accessed information"): no other type of policy is asked.
func (s *Set) Grants(action string) bool {
	if s == nil || s.unreadable != "" {
		return false
	}
	allowed := false
	for i := range s.rules {
		st := s.rules[i].Statement
		switch {
		case !st.actions.match(action):
		case !st.Deny:
			allowed = true
		case st.silent && st.resources.everything():
			return false
		}
	}
	return allowed
}

// everything tells whether the element is Resource "*".
func (rs *resources) everything() bool {
	if rs.inverted {
		return false
	}
	for i := range rs.list {
		if rs.list[i].form == anything {
			return true
		}
	}
	return false
}
