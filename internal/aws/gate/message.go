package gate

import (
	"encoding/json"
	"maps"
	"slices"

	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
)

// message is what an encoded authorization message holds, in the form that
// DecodeAuthorizationMessage of AWS answers, with the whole diagnosis behind
// it. Source: AWS STS API Reference, "DecodeAuthorizationMessage".
type message struct {
	Allowed      bool            `json:"allowed"`
	ExplicitDeny bool            `json:"explicitDeny"`
	Matched      items[deciding] `json:"matchedStatements"`
	Failures     items[value]    `json:"failures"`
	Request      asking          `json:"context"`
	Diagnosis    diagnosis       `json:"diagnosis"`
}

type items[T any] struct {
	Items []T `json:"items"`
}

type value struct {
	Value string `json:"value"`
}

type keyed struct {
	Key    string       `json:"key"`
	Values items[value] `json:"values"`
}

// deciding is a statement that denied.
type deciding struct {
	ID         string       `json:"statementId"`
	Effect     string       `json:"effect"`
	Principals items[value] `json:"principals"`
	Groups     items[value] `json:"principalGroups"`
	Actions    items[value] `json:"actions"`
	Resources  items[value] `json:"resources"`
	Conditions items[keyed] `json:"conditions"`
}

// asking is the request.
type asking struct {
	Principal struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		ARN  string `json:"arn"`
	} `json:"principal"`
	Action     string       `json:"action"`
	Resource   string       `json:"resource"`
	Conditions items[keyed] `json:"conditions"`
}

// diagnosis is what AWS does not tell: all that stands in the way, and which
// condition keys policies asked for and the request did not carry.
type diagnosis struct {
	Reason  string   `json:"reason"`
	Changes []change `json:"changes"`
	Missing []string `json:"missingContextKeys"`
}

// change is a statement that denies, or the allow that a type of policy lacks.
type change struct {
	Type      string `json:"policyType"`
	Level     string `json:"level,omitempty"`
	Policy    string `json:"policy,omitempty"` // its ARN, or its name
	Statement int    `json:"statement,omitempty"`
	ID        string `json:"statementId,omitempty"`
	Deny      bool   `json:"explicitDeny"`
	Unknown   string `json:"cannotEvaluate,omitempty"`
}

// encoded seals why a check was denied, for DecodeAuthorizationMessage.
func (g *Gate) encoded(s *subject, c *api.Check, reason string) (string, error) {
	q, err := g.question(s, c)
	if err != nil {
		return "", err
	}
	d := policy.Explain(&q.request, &q.held)
	if q.known.err != nil {
		return "", q.known.err
	}
	m := q.message(d, reason)
	sealed, err := g.seal(q.caller.Account, m)
	if len(sealed) > maxMessage && err == nil { // statements may be long; what they are called is not
		m.Matched.Items, m.Request.Conditions.Items = []deciding{}, []keyed{}
		m.Diagnosis.Changes = m.Diagnosis.Changes[:min(len(m.Diagnosis.Changes), 20)]
		sealed, err = g.seal(q.caller.Account, m)
	}
	return sealed, err
}

// maxMessage is the most that DecodeAuthorizationMessage takes.
const maxMessage = 10_240

func (g *Gate) seal(account string, m *message) (string, error) {
	text, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	return g.messages.Seal(account, text)
}

func (q *question) message(d *policy.Diagnosis, reason string) *message {
	m := &message{
		ExplicitDeny: d.Decision.Outcome == policy.ExplicitDeny, Matched: items[deciding]{[]deciding{}}, Failures: listed(),
		Diagnosis: diagnosis{Reason: reason, Changes: []change{}, Missing: append([]string{}, d.Missing...)},
	}
	m.Request.Principal.ID, m.Request.Principal.Name, m.Request.Principal.ARN = q.caller.UserID, q.caller.Name, q.caller.ARN
	m.Request.Action, m.Request.Resource, m.Request.Conditions = q.check.Action, q.check.Resource, q.carried(d)
	for _, c := range d.Changes {
		out := change{Type: c.Type.String(), Level: c.Level, Deny: c.Finding >= 0, Unknown: c.Unknown}
		if c.Finding >= 0 {
			f := &d.Findings[c.Finding]
			if out.Policy = f.Policy.ARN; out.Policy == "" {
				out.Policy = f.Policy.Name
			}
			out.Statement, out.ID = f.Statement+1, f.SID
			m.Matched.Items = append(m.Matched.Items, q.deciding(f))
		}
		m.Diagnosis.Changes = append(m.Diagnosis.Changes, out)
	}
	return m
}

// deciding shows a statement that denied.
func (q *question) deciding(f *policy.Finding) deciding {
	s := &f.Policy.Document.Statements[f.Statement]
	out := deciding{
		ID: f.SID, Effect: "ALLOW", Principals: listed(q.caller.UserID), Groups: listed(), Actions: listed(s.Actions...),
		Resources: listed(s.Resources...), Conditions: items[keyed]{[]keyed{}},
	}
	if f.Deny {
		out.Effect = "DENY"
	}
	for _, c := range f.Conditions {
		out.Conditions.Items = append(out.Conditions.Items, keyed{c.Key, listed(c.Wanted...)})
	}
	return out
}

// carried are the condition keys of the request: those of the check, and those
// that policies asked for.
func (q *question) carried(d *policy.Diagnosis) items[keyed] {
	all := map[string][]string{}
	for k, v := range q.check.Keys {
		all[k] = []string{v}
	}
	for k, v := range q.check.Sets {
		if len(v) > 0 {
			all[k] = v
		}
	}
	for _, f := range d.Findings {
		for _, c := range f.Conditions {
			if len(c.Got) > 0 {
				all[c.Key] = c.Got
			}
		}
	}
	out := items[keyed]{[]keyed{}}
	for _, k := range slices.Sorted(maps.Keys(all)) {
		out.Items = append(out.Items, keyed{k, listed(all[k]...)})
	}
	return out
}

func listed(texts ...string) items[value] {
	out := items[value]{make([]value, len(texts))}
	for i, t := range texts {
		out.Items[i].Value = t
	}
	return out
}
