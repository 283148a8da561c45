package accessanalyzer

import (
	"strings"

	"tamachi/internal/policy"
)

// risky is an action that is dangerous with more resources than are meant.
type risky struct {
	action, issue string
	key           string // a condition on it takes the danger away; empty for none
}

var riskyActions = []risky{
	{"iam:passrole", "PASS_ROLE_", "iam:passedtoservice"},
	{"iam:createservicelinkedrole", "CREATE_SLR_", "iam:awsservicename"},
}

// checkRisks finds what allows more than people mean: IAM User Guide, "IAM policy
// validation check reference", Pass role and Create SLR. Those are findings about
// policies that principals have.
func (c checker) checkRisks(s site) {
	effect := s.value.member("Effect")
	if !c.ofPrincipal() || effect == nil || effect.value.text != "Allow" {
		return
	}
	actions, not := s.either("Action")
	resources, notResource := s.either("Resource")
	if actions == nil || resources == nil {
		return
	}
	for _, danger := range riskyActions {
		if c.asks(s, danger.key) {
			continue
		}
		how := named(s.under(actions), danger.action, not)
		if how == "" {
			continue
		}
		star := !notResource && anyStar(s.under(resources))
		code := ""
		switch {
		case notResource:
			code = map[string]string{"name": "WITH_NOT_RESOURCE", "star": "WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", "not": "WITH_NOT_ACTION_AND_NOT_RESOURCE"}[how]
		case star:
			code = map[string]string{"name": "WITH_STAR_IN_RESOURCE", "star": "WITH_STAR_IN_ACTION_AND_RESOURCE", "not": "WITH_STAR_IN_RESOURCE_AND_NOT_ACTION"}[how]
		}
		if code != "" {
			c.find(danger.issue+code, s.under(resources))
		}
	}
}

// named tells how an element includes an action: by its name, by a star, or as
// what it does not except; "" when it does not.
func named(at site, action string, inverted bool) string {
	how := ""
	for _, v := range at.list() {
		text := strings.ToLower(v.value.text)
		switch {
		case v.value.kind != isString || !policy.Match(text, action):
		case inverted:
			return ""
		case text == action:
			return "name"
		default:
			how = "star"
		}
	}
	if inverted {
		return "not"
	}
	return how
}

// anyStar tells whether a resource is "*".
func anyStar(at site) bool {
	for _, v := range at.list() {
		if v.value.kind == isString && v.value.text == "*" {
			return true
		}
	}
	return false
}

// asks tells whether a statement has a condition on a key.
func (c checker) asks(s site, key string) bool {
	m := s.value.member("Condition")
	if m == nil || m.value.kind != isObject {
		return false
	}
	for _, operator := range m.value.members {
		for _, k := range operator.value.members {
			if strings.EqualFold(k.name, key) {
				return true
			}
		}
	}
	return false
}
