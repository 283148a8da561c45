package reference

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// document is a policy as its text has it.
type document struct {
	variables  bool // Version 2012-10-17
	statements []statement
}

type statement struct {
	deny                     bool
	principal, notPrincipal  *names
	action, notAction        []string
	resource, notResource    []string
	hasResource, hasNotResrc bool
	conditions               []condition
}

// names are the principals of a statement; anyone is "*".
type names struct {
	anyone                  bool
	aws, service, federated []string
}

// condition is one key of one operator.
type condition struct {
	operator, key string
	operands      []string
}

func read(text string) (*document, error) {
	var raw struct {
		Version   string
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return nil, fmt.Errorf("read the policy: %w", err)
	}
	var list []map[string]json.RawMessage
	if err := json.Unmarshal(raw.Statement, &list); err != nil {
		var one map[string]json.RawMessage
		if err := json.Unmarshal(raw.Statement, &one); err != nil {
			return nil, fmt.Errorf("read the statements: %w", err)
		}
		list = []map[string]json.RawMessage{one}
	}
	d := &document{variables: raw.Version == "2012-10-17"}
	for _, fields := range list {
		s, err := readStatement(fields)
		if err != nil {
			return nil, err
		}
		d.statements = append(d.statements, s)
	}
	return d, nil
}

func readStatement(fields map[string]json.RawMessage) (s statement, err error) {
	for name, value := range fields {
		switch name {
		case "Sid":
		case "Effect":
			var effect string
			err = json.Unmarshal(value, &effect)
			s.deny = effect == "Deny"
			if effect != "Deny" && effect != "Allow" {
				err = errors.New("neither Allow nor Deny")
			}
		case "Action":
			s.action, err = texts(value)
		case "NotAction":
			s.notAction, err = texts(value)
		case "Resource":
			s.hasResource = true
			s.resource, err = texts(value)
		case "NotResource":
			s.hasNotResrc = true
			s.notResource, err = texts(value)
		case "Principal":
			s.principal, err = readNames(value)
		case "NotPrincipal":
			s.notPrincipal, err = readNames(value)
		case "Condition":
			s.conditions, err = readConditions(value)
		default:
			err = fmt.Errorf("no element of a statement: %s", name)
		}
		if err != nil {
			return s, err
		}
	}
	return s, nil
}

func readNames(value json.RawMessage) (*names, error) {
	var star string
	if json.Unmarshal(value, &star) == nil {
		if star != "*" {
			return nil, fmt.Errorf("no principal: %s", star)
		}
		return &names{anyone: true}, nil
	}
	var byKind map[string]json.RawMessage
	if err := json.Unmarshal(value, &byKind); err != nil {
		return nil, fmt.Errorf("read the principal: %w", err)
	}
	n := &names{}
	for kind, value := range byKind {
		list, err := texts(value)
		if err != nil {
			return nil, err
		}
		switch kind {
		case "AWS":
			n.aws = list
			n.anyone = n.anyone || slices.Contains(list, "*")
		case "Service":
			n.service = list
		case "Federated":
			n.federated = list
		case "CanonicalUser": // nobody here has one
		default:
			return nil, fmt.Errorf("no kind of principal: %s", kind)
		}
	}
	return n, nil
}

func readConditions(value json.RawMessage) ([]condition, error) {
	var blocks map[string]map[string]json.RawMessage
	if err := json.Unmarshal(value, &blocks); err != nil {
		return nil, fmt.Errorf("read the conditions: %w", err)
	}
	var out []condition
	for operator, keys := range blocks {
		for key, value := range keys {
			operands, err := texts(value)
			if err != nil {
				return nil, err
			}
			out = append(out, condition{operator: operator, key: key, operands: operands})
		}
	}
	return out, nil
}

// texts reads one text or a list; numbers and booleans stand for their texts.
func texts(value json.RawMessage) ([]string, error) {
	var list []json.RawMessage
	if json.Unmarshal(value, &list) != nil {
		list = []json.RawMessage{value}
	}
	out := make([]string, 0, len(list))
	for _, item := range list {
		var text string
		var number json.Number
		var truth bool
		switch {
		case json.Unmarshal(item, &text) == nil:
			out = append(out, text)
		case json.Unmarshal(item, &truth) == nil:
			out = append(out, fmt.Sprint(truth))
		case json.Unmarshal(item, &number) == nil:
			out = append(out, number.String())
		default:
			return nil, fmt.Errorf("neither a text nor a list of them: %s", value)
		}
	}
	return out, nil
}
