package guard

import (
	"maps"
	"slices"
	"strings"

	"tamachi/internal/aws/reference"
	"tamachi/internal/policy"
)

// Right is what a user or role may do with one action.
type Right struct {
	Action string `json:"action"`
	// May is yes for any resource under no condition, no for none, depends for
	// some resources or under conditions.
	May May `json:"may"`
	// Resources are those that allowing statements name; empty for all. "not " stands
	// before those that are excepted.
	Resources []string `json:"resources,omitempty"`
	Asks      []string `json:"asks,omitempty"` // condition keys
	By        []string `json:"by,omitempty"`   // the statements that decide: "policy: Sid or number"
	// Lacks is the type of policy that does not allow it, where nothing denies it.
	Lacks string `json:"lacks,omitempty"`
}

// ServiceRights is what a user or role may do with one service.
type ServiceRights struct {
	Service string `json:"service"`
	Yes     int    `json:"yes"`
	Depends int    `json:"depends"`
	// Denied are actions that a statement denies, or that the identity policies
	// allow and another type of policy does not. What nothing allows is not counted.
	Denied int      `json:"denied"`
	By     []string `json:"by"` // policies
	Rights []Right  `json:"rights,omitempty"`
}

// Can tells what a user or role may do, service by service: those of which
// anything is said. With a service, every action of it is told.
func (e *Estate) Can(h *Holder, service string) ([]ServiceRights, error) {
	all, err := reference.Catalogue()
	if err != nil {
		return nil, err
	}
	var out []ServiceRights
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if service != "" && service != name {
			continue
		}
		if s := e.service(h, name, all[name].Actions); service != "" || s.Yes+s.Depends+s.Denied > 0 {
			if service == "" {
				s.Rights = nil
			}
			out = append(out, s)
		}
	}
	return out, nil
}

func (e *Estate) service(h *Holder, name string, actions []string) ServiceRights {
	s := ServiceRights{Service: name, By: []string{}}
	for _, action := range actions {
		r := e.right(h, name+":"+action)
		switch {
		case r.May == Yes:
			s.Yes++
		case r.May == Depends:
			s.Depends++
		case len(r.By) > 0:
			s.Denied++
		}
		for _, by := range r.By {
			policyName, _, _ := strings.Cut(by, ": ")
			s.By = once(s.By, policyName)
		}
		s.Rights = append(s.Rights, r)
	}
	return s
}

func once(list []string, value string) []string {
	if slices.Contains(list, value) {
		return list
	}
	return append(list, value)
}

// limit is one set of policies that must allow, with what it is.
type limit struct {
	kind policy.Type
	set  *policy.Set
}

// limits are all sets that a principal's calls must pass.
func (e *Estate) limits(h *Holder) []limit {
	out := []limit{{policy.Identity, h.Identity}}
	if h.Boundary != nil {
		out = append(out, limit{policy.Boundary, h.Boundary})
	}
	if !e.Manages && !h.Who.ServiceLinked() {
		for _, level := range e.SCPs {
			out = append(out, limit{policy.SCP, level})
		}
	}
	return out
}

// holding are the resource control policies that hold an action.
func (e *Estate) holding(h *Holder, action string) []*policy.Set {
	service, _, _ := strings.Cut(action, ":")
	if h.Who.ServiceLinked() || !policy.CoveredByRCPs(service) {
		return nil
	}
	return e.RCPs
}

// right judges one action by every statement about it.
func (e *Estate) right(h *Holder, action string) Right {
	r := Right{Action: action, May: No}
	limits := e.limits(h)
	for _, l := range limits {
		if l.set.Grants(action) {
			continue
		}
		r.By, r.Lacks = denials(l.set, action), l.kind.String()
		if len(r.By) > 0 {
			r.Lacks = ""
		} else if l.kind != policy.Identity {
			r.By = allowances(h.Identity, action)
		}
		return r
	}
	limited := false
	for _, l := range limits {
		limited = r.add(l, action) || limited
	}
	for _, level := range e.holding(h, action) {
		if by := denials(level, action); len(by) > 0 {
			return Right{Action: action, May: No, By: by}
		}
		limited = r.add(limit{policy.RCP, level}, action) || limited
	}
	d := policy.Decide(e.request(h, action, "*", standing{h, e}))
	r.May = Depends
	if d.Allowed() && !limited {
		r.May, r.Resources, r.Asks = Yes, nil, nil
	}
	return r
}

// add takes over what statements about an action say; denied tells that one of
// them denies it on some resources or under some conditions.
func (r *Right) add(l limit, action string) (denied bool) {
	for _, p := range l.set.Policies() {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			if !s.About(action) || l.kind == policy.SCP && !s.Deny && s.Everywhere() && len(s.Asks()) == 0 {
				continue // FullAWSAccess says nothing
			}
			r.By = append(r.By, p.Name+": "+statementName(s.SID, i))
			for _, key := range s.Asks() {
				r.Asks = once(r.Asks, key)
			}
			denied = denied || s.Deny
			if s.Everywhere() {
				continue
			}
			for _, resource := range s.Resources {
				if s.Deny != s.Excepts() {
					resource = "not " + resource
				}
				r.Resources = once(r.Resources, resource)
			}
		}
	}
	return denied
}

// denials are the statements that deny an action everywhere, allowances those
// that allow it anywhere.
func denials(set *policy.Set, action string) []string {
	return statements(set, func(s *policy.Statement) bool {
		return s.Deny && s.Everywhere() && len(s.Asks()) == 0 && s.About(action)
	})
}

func allowances(set *policy.Set, action string) []string {
	return statements(set, func(s *policy.Statement) bool { return !s.Deny && s.About(action) })
}

func statements(set *policy.Set, wanted func(*policy.Statement) bool) []string {
	var out []string
	for _, p := range set.Policies() {
		for i := range p.Document.Statements {
			if s := &p.Document.Statements[i]; wanted(s) {
				out = append(out, p.Name+": "+statementName(s.SID, i))
			}
		}
	}
	return out
}
