package eventbridge

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/policy"
)

// longestPolicy is how long the policy of a bus may be.
const longestPolicy = 10240

// statements is the policy of a bus, its statements as they were written.
type statements struct {
	Version   string
	Statement []json.RawMessage
}

func read(text string) (statements, error) {
	p := statements{Version: "2012-10-17"}
	if text == "" {
		return p, nil
	}
	err := json.Unmarshal([]byte(text), &p)
	return p, err
}

func labelOf(one json.RawMessage) string {
	var head struct{ Sid string }
	_ = json.Unmarshal(one, &head) // it was read as a policy
	return head.Sid
}

// permitted is the policy of a bus after PutPermission.
func permitted(b *bus, in *eventbridge.PutPermissionInput) (string, error) {
	if in.Policy != nil {
		if in.StatementId != nil || in.Principal != nil || in.Action != nil || in.Condition != nil {
			return "", invalid("Policy cannot be specified together with StatementId, Action, Principal or Condition.")
		}
		if len(*in.Policy) > longestPolicy {
			return "", &types.PolicyLengthExceededException{Message: new("The policy is longer than 10240 characters.")}
		}
		if _, err := policy.ParseResource(*in.Policy); err != nil {
			return "", invalid("Invalid policy: %s", err)
		}
		if _, err := read(*in.Policy); err != nil {
			return "", invalid("Invalid policy: its statements must be a list")
		}
		return *in.Policy, nil
	}
	if deref(in.StatementId) == "" || deref(in.Principal) == "" || deref(in.Action) != "events:PutEvents" {
		return "", invalid("StatementId, Principal and the Action events:PutEvents are required without a Policy.")
	}
	p, err := read(b.Policy)
	if err != nil {
		return "", err
	}
	var who any = "*"
	if *in.Principal != "*" {
		if len(*in.Principal) != 12 || strings.Trim(*in.Principal, "0123456789") != "" {
			return "", invalid("Parameter Principal is not valid.")
		}
		who = map[string]string{"AWS": "arn:aws:iam::" + *in.Principal + ":root"}
	}
	one := map[string]any{"Sid": *in.StatementId, "Effect": "Allow", "Principal": who, "Action": *in.Action, "Resource": b.arn()}
	if c := in.Condition; c != nil {
		one["Condition"] = map[string]any{deref(c.Type): map[string]string{deref(c.Key): deref(c.Value)}}
	}
	text, err := json.Marshal(one)
	if err != nil {
		return "", err
	}
	p.Statement = slices.DeleteFunc(p.Statement, func(o json.RawMessage) bool { return labelOf(o) == *in.StatementId })
	p.Statement = append(p.Statement, text)
	out, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	if _, err := policy.ParseResource(string(out)); err != nil {
		return "", invalid("Parameter Condition is not valid.")
	}
	if len(out) > longestPolicy {
		return "", &types.PolicyLengthExceededException{Message: new("The policy is longer than 10240 characters.")}
	}
	return string(out), nil
}

// revoked is the policy of a bus after RemovePermission.
func revoked(b *bus, label string, all bool) (string, error) {
	if all {
		return "", nil
	}
	p, err := read(b.Policy)
	if err != nil {
		return "", err
	}
	n := len(p.Statement)
	p.Statement = slices.DeleteFunc(p.Statement, func(o json.RawMessage) bool { return labelOf(o) == label })
	if len(p.Statement) == n {
		return "", missing("Statement with the provided id does not exist.")
	}
	if len(p.Statement) == 0 {
		return "", nil
	}
	out, err := json.Marshal(p)
	return string(out), err
}
