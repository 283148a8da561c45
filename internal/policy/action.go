package policy

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// actions are a statement's Action or NotAction, in lower case.
type actions struct {
	list     []string // compiled; * and ? are marks
	inverted bool     // NotAction
}

// match decides the element.
func (as *actions) match(action string) bool {
	for _, pattern := range as.list {
		if matchFold(pattern, action) {
			return !as.inverted
		}
	}
	return as.inverted
}

var vendorForm = regexp.MustCompile(`^[a-zA-Z0-9.-]+$`)

// checkAction refuses what cannot be an action, in AWS's words.
func checkAction(v string) error {
	vendor, name, two := strings.Cut(v, ":")
	switch {
	case v == "*" || v == "*:*":
	case !two:
		return errors.New("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.") //nolint:staticcheck,revive // AWS's words
	case strings.Contains(name, ":"):
		return errors.New("Actions/Condition can contain only one colon.") //nolint:staticcheck,revive // AWS's words
	case !vendorForm.MatchString(vendor):
		return fmt.Errorf("Vendor %s is not valid", vendor) //nolint:staticcheck,revive // AWS's words
	}
	return nil
}

// index finds the rules of a set that may be about an action: those that name
// it, those with wildcards in its service, and those that must be asked.
type index struct {
	exact   map[uint64][]named // by the hash of the whole action
	service map[uint64][]named // by the hash of the service
	others  []int32            // NotAction, and wildcards in the service
	all     []int32            // rules about every action
}

// named is a rule under the action, or the pattern of actions, that leads to
// it.
type named struct {
	action string
	rule   int32
}

// add enters the actions of a rule.
func (x *index) add(rule int32, as *actions) {
	if as.inverted {
		x.others = append(x.others, rule)
		return
	}
	for _, a := range as.list {
		if a == string([]byte{anyMark}) || a == string([]byte{anyMark, ':', anyMark}) {
			x.all = append(x.all, rule)
			return
		}
	}
	asked := false
	for _, a := range as.list {
		colon := strings.IndexByte(a, ':')
		first := firstMarkIn(a)
		switch {
		case first == len(a):
			h, _ := hashes(a)
			x.exact[h] = append(x.exact[h], named{a, rule})
		case colon >= 0 && colon < first:
			_, h := hashes(a)
			x.service[h] = append(x.service[h], named{a, rule})
		case !asked:
			asked = true
			x.others = append(x.others, rule)
		}
	}
}

// hashes are FNV-1a of an action in lower case, and of its service.
func hashes(action string) (whole, service uint64) {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for i := range len(action) {
		c := lower(action[i])
		if c == ':' && service == 0 {
			service = h
		}
		h = (h ^ uint64(c)) * prime
	}
	return h, service
}

// sameFold compares an action of a policy, in lower case, with that of a
// request.
func sameFold(lowerCase, action string) bool {
	if len(lowerCase) != len(action) {
		return false
	}
	for i := range len(action) {
		if lower(action[i]) != lowerCase[i] {
			return false
		}
	}
	return true
}
