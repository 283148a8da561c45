package parameterstore

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// policy is a parameter policy. Source: User Guide, "Assigning parameter
// policies".
type policy struct {
	Type   string
	Text   string        // JSON, as given
	Status string        // Pending, Finished, Failed
	At     time.Time     `json:",omitzero"` // Expiration: when
	Span   time.Duration `json:",omitempty"`
}

const (
	expiration             = "Expiration"
	expirationNotification = "ExpirationNotification"
	noChangeNotification   = "NoChangeNotification"

	pending  = "Pending"
	finished = "Finished"
	failed   = "Failed"

	maxPolicies = 10
	longestSpan = 10 * 366 * 24 * time.Hour
)

// writtenPolicy is one element of the list that a caller gives.
type writtenPolicy struct {
	Type       string
	Version    string
	Attributes map[string]string
}

// parsePolicies reads the Policies of a request. An empty list, and one of
// empty objects, takes all policies away.
func parsePolicies(text string) ([]policy, error) {
	var raw []json.RawMessage
	if err := strict([]byte(text), &raw); err != nil {
		var one map[string]json.RawMessage
		if strict([]byte(text), &one) == nil && len(one) == 0 {
			return nil, nil // {} instead of [{}]
		}
		return nil, wrongAttribute("Policies must be a JSON array of parameter policies.")
	}
	if len(raw) > maxPolicies {
		return nil, &types.PoliciesLimitExceededException{Message: new("You specified more than the maximum number of allowed policies for the parameter. The maximum is 10.")}
	}
	var out []policy
	for _, one := range raw {
		p, err := parsePolicy(one)
		if err != nil {
			return nil, err
		}
		if p != nil {
			out = append(out, *p)
		}
	}
	return out, checkTogether(out)
}

func parsePolicy(raw json.RawMessage) (*policy, error) {
	var w writtenPolicy
	if err := strict(raw, &w); err != nil {
		return nil, wrongAttribute("A parameter policy must be a JSON object with Type, Version and Attributes.")
	}
	if w.Type == "" && w.Version == "" && w.Attributes == nil {
		return nil, nil
	}
	if w.Version != "1.0" {
		return nil, wrongAttribute("The version of a parameter policy must be 1.0.")
	}
	p := &policy{Type: w.Type, Text: string(raw), Status: pending}
	var err error
	switch w.Type {
	case expiration:
		err = p.readTime(w.Attributes)
	case expirationNotification:
		err = p.readSpan(w.Attributes, "Before")
	case noChangeNotification:
		err = p.readSpan(w.Attributes, "After")
	default:
		err = &types.InvalidPolicyTypeException{Message: new("The policy type isn't supported. Parameter Store supports the following policy types: Expiration, ExpirationNotification, and NoChangeNotification.")}
	}
	return p, err
}

func (p *policy) readTime(given map[string]string) error {
	at, err := time.Parse(time.RFC3339, given["Timestamp"])
	if err != nil || len(given) != 1 || at.Year() < 2000 {
		return wrongAttribute("The policy Expiration takes the attribute Timestamp, a time such as 2027-12-02T21:34:33.000Z.")
	}
	p.At = at.UTC()
	return nil
}

func (p *policy) readSpan(given map[string]string, attribute string) error {
	unit := map[string]time.Duration{"Days": 24 * time.Hour, "Hours": time.Hour}[given["Unit"]]
	n, err := strconv.Atoi(given[attribute])
	if err != nil || unit == 0 || len(given) != 2 || n < 1 || n > int(longestSpan/unit) {
		return wrongAttribute("The policy " + p.Type + " takes the attributes " + attribute + ", a positive whole number, and Unit, Days or Hours.")
	}
	p.Span = time.Duration(n) * unit
	return nil
}

// checkTogether refuses policies that contradict each other.
func checkTogether(all []policy) error {
	n := map[string]int{}
	for i, p := range all {
		n[p.Type]++
		for _, other := range all[:i] {
			if other.Type == p.Type && other.Span == p.Span {
				return conflict("Two policies of type " + p.Type + " say the same.")
			}
		}
	}
	switch {
	case n[expiration] > 1:
		return conflict("A parameter can have one Expiration policy only.")
	case n[expirationNotification] > 0 && n[expiration] == 0:
		return conflict("An ExpirationNotification policy needs an Expiration policy.")
	}
	return nil
}

// due is when a policy acts on a parameter with these policies that was last
// changed at a time.
func (p *policy) due(all []policy, modified time.Time) time.Time {
	switch p.Type {
	case expiration:
		return p.At
	case noChangeNotification:
		return modified.Add(p.Span)
	}
	for _, other := range all {
		if other.Type == expiration {
			return other.At.Add(-p.Span)
		}
	}
	return time.Time{}
}

// kept are the policies of a new version that says nothing of them: a
// notification of no change waits anew.
func kept(all []policy) []policy {
	out := make([]policy, len(all))
	for i, p := range all {
		if p.Type == noChangeNotification {
			p.Status = pending
		}
		out[i] = p
	}
	return out
}

func showPolicies(all []policy) []types.ParameterInlinePolicy {
	out := make([]types.ParameterInlinePolicy, 0, len(all))
	for _, p := range all {
		out = append(out, types.ParameterInlinePolicy{PolicyText: &p.Text, PolicyType: &p.Type, PolicyStatus: &p.Status})
	}
	return out
}

// strict decodes one JSON value and nothing after it, without unknown members.
func strict(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}

func wrongAttribute(why string) error {
	return &types.InvalidPolicyAttributeException{Message: &why}
}

func conflict(why string) error {
	return &types.IncompatiblePolicyException{Message: &why}
}
