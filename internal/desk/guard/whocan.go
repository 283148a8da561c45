package guard

import (
	"strings"

	"tamachi/internal/policy"
)

// May says whether somebody may do something.
type May string

// The answers. Depends is that of an account whose policies ask for what only a
// call has: where it comes from, when, with which tags.
const (
	Yes     May = "yes"
	No      May = "no"
	Depends May = "depends"
)

// Ability is what a user or role may do, and why.
type Ability struct {
	Principal string `json:"principal"`
	May       May    `json:"may"`
	// By are the statements that decide: "policy: Sid or number".
	By []string `json:"by,omitempty"`
	// Asks are the condition keys that the answer depends on.
	Asks []string `json:"asks,omitempty"`
}

// WhoCan decides an action on a resource for everybody in the account, by the
// policy of the resource too where Learn has read it.
func (e *Estate) WhoCan(action, resource string) []Ability {
	out := make([]Ability, 0, len(e.Holders))
	for _, h := range e.Holders {
		out = append(out, e.ability(h, action, resource))
	}
	return out
}

func (e *Estate) ability(h *Holder, action, resource string) Ability {
	a := Ability{Principal: h.Name(), May: No}
	d := policy.Explain(e.request(h, action, resource, standing{h, e}))
	for _, f := range d.Findings {
		if f.Unknown != "" {
			for _, c := range f.Conditions {
				if !c.Known {
					a.asks(c.Key)
				}
			}
		}
		if f.Unknown != "" || f.Applies && f.Deny == !d.Decision.Allowed() {
			a.By = append(a.By, f.Policy.Name+": "+statementName(f.SID, f.Statement))
		}
	}
	switch {
	case d.Decision.Allowed():
		a.May = Yes
	case d.Decision.Unknown != "":
		a.May = Depends
	}
	return a
}

func (a *Ability) asks(key string) {
	for _, k := range a.Asks {
		if strings.EqualFold(k, key) {
			return
		}
	}
	a.Asks = append(a.Asks, key)
}

// standing answers the condition keys that a principal has before it calls.
type standing struct {
	h *Holder
	e *Estate
}

// Values returns the values of a key in lower case.
func (s standing) Values(key string) (values []string, known bool) {
	switch key {
	case "aws:principalarn":
		return []string{s.h.Name()}, true
	case "aws:principalaccount":
		return []string{s.h.Who.Account}, true
	case "aws:principalorgid":
		if s.e.Org == "" {
			return nil, s.e.Unread == nil
		}
		return []string{s.e.Org}, true
	case "aws:principalisawsservice":
		return []string{"false"}, true
	case "aws:principaltype":
		if s.h.Who.Kind == policy.User {
			return []string{"User"}, true
		}
		return []string{"AssumedRole"}, true
	case "aws:username":
		if s.h.Who.Kind != policy.User {
			return nil, true
		}
		return []string{s.h.Who.ARN[strings.LastIndexByte(s.h.Who.ARN, '/')+1:]}, true
	}
	if tag, is := strings.CutPrefix(key, "aws:principaltag/"); is {
		for name, value := range s.h.Tags {
			if strings.EqualFold(name, tag) {
				return []string{value}, true
			}
		}
		return nil, true
	}
	return nil, false
}
