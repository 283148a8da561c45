package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Document is a parsed policy.
type Document struct {
	Statements []Statement
}

// Statement allows or denies actions on resources.
type Statement struct {
	SID       string
	Deny      bool
	Actions   Patterns
	Resources Patterns
}

// Patterns match a value when one of them does, or, inverted, when none does.
type Patterns struct {
	Values   []string
	Inverted bool // NotAction, NotResource
}

// maxDocument is the limit of a session policy in characters (AWS STS API
// Reference, GetFederationToken: Policy).
const maxDocument = 2048

type statementJSON struct {
	SID         string `json:"Sid"`
	Effect      string
	Action      oneOrMany
	NotAction   oneOrMany
	Resource    oneOrMany
	NotResource oneOrMany
}

// Parse reads a policy document. The error says what is wrong with it in one
// clause that is fit for the caller.
func Parse(text string) (*Document, error) {
	if len(text) > maxDocument {
		return nil, fmt.Errorf("the policy is longer than %d characters", maxDocument)
	}
	var raw struct {
		Version   string
		ID        string `json:"Id"`
		Statement json.RawMessage
	}
	if err := strict([]byte(text), &raw); err != nil {
		return nil, err
	}
	if raw.Version != "2012-10-17" && raw.Version != "2008-10-17" && raw.Version != "" {
		return nil, fmt.Errorf("unknown policy version %q", raw.Version)
	}
	var list []statementJSON
	if bytes.HasPrefix(bytes.TrimSpace(raw.Statement), []byte("{")) {
		list = make([]statementJSON, 1)
		if err := strict(raw.Statement, &list[0]); err != nil {
			return nil, err
		}
	} else if err := strict(raw.Statement, &list); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errors.New("the policy has no statement")
	}
	doc := &Document{}
	for i, s := range list {
		st, err := s.statement()
		if err != nil {
			return nil, fmt.Errorf("statement %d: %w", i+1, err)
		}
		doc.Statements = append(doc.Statements, st)
	}
	return doc, nil
}

func (s statementJSON) statement() (Statement, error) {
	out := Statement{SID: s.SID}
	switch s.Effect {
	case "Allow":
	case "Deny":
		out.Deny = true
	default:
		return out, fmt.Errorf("effect must be Allow or Deny, not %q", s.Effect)
	}
	var err error
	if out.Actions, err = either("Action", s.Action, s.NotAction); err != nil {
		return out, err
	}
	for _, a := range out.Actions.Values {
		if a != "*" && !strings.Contains(a, ":") {
			return out, fmt.Errorf("action %q must be service:Action", a)
		}
	}
	out.Resources, err = either("Resource", s.Resource, s.NotResource)
	return out, err
}

func either(name string, plain, not oneOrMany) (Patterns, error) {
	switch {
	case len(plain) > 0 && len(not) > 0:
		return Patterns{}, fmt.Errorf("%s and Not%s exclude each other", name, name)
	case len(plain) > 0:
		return Patterns{Values: plain}, nil
	case len(not) > 0:
		return Patterns{Values: not, Inverted: true}, nil
	}
	return Patterns{}, fmt.Errorf("%s is missing", name)
}

// oneOrMany is a string or a list of strings, as policies allow everywhere.
type oneOrMany []string

// UnmarshalJSON reads either form.
func (o *oneOrMany) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*o = oneOrMany{one}
		return nil
	}
	var many []string
	if err := json.Unmarshal(b, &many); err != nil {
		return errors.New("must be a string or a list of strings")
	}
	*o = many
	return nil
}

func strict(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("not a policy this plane can evaluate: %w", err)
	}
	if d.More() {
		return errors.New("text after the end of the policy")
	}
	return nil
}
