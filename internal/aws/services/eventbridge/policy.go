package eventbridge

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/policy"
)

// longestPolicy is how long the policy of a bus may be.
const longestPolicy = 10240

// read is the policy of a bus, which may have none yet.
func read(text string) (policy.Written, error) {
	if text == "" {
		return policy.Written{Version: "2012-10-17"}, nil
	}
	return policy.ReadWritten(text)
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
	p.Remove(*in.StatementId)
	if err := p.Add(one); err != nil {
		return "", err
	}
	out, err := p.Text()
	if err != nil {
		return "", err
	}
	if _, err := policy.ParseResource(out); err != nil {
		return "", invalid("Parameter Condition is not valid.")
	}
	if len(out) > longestPolicy {
		return "", &types.PolicyLengthExceededException{Message: new("The policy is longer than 10240 characters.")}
	}
	return out, nil
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
	if !p.Remove(label) {
		return "", missing("Statement with the provided id does not exist.")
	}
	if len(p.Statement) == 0 {
		return "", nil
	}
	return p.Text()
}
