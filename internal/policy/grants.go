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

// About tells whether a statement's Action or NotAction includes an action.
func (s *Statement) About(action string) bool { return s.actions.match(action) }

// Everywhere tells whether a statement is about every resource: Resource "*".
func (s *Statement) Everywhere() bool { return s.resources.everything() }

// Excepts tells whether Resources are those that the statement is not about:
// NotResource.
func (s *Statement) Excepts() bool { return s.resources.inverted }

// Asks are the condition keys of a statement as they were written.
func (s *Statement) Asks() []string {
	var out []string
	for i := range s.conditions {
		out = append(out, s.conditions[i].written)
	}
	return out
}
