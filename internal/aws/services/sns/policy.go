package sns

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tamachi/internal/policy"
)

// defaultPolicy is that of a topic that was given none: services may act for
// resources of the topic's owner. Source: what AWS shows for a new topic.
func defaultPolicy(topic, account string) string {
	return fmt.Sprintf(`{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},`+
		`"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],`+
		`"Resource":"%s","Condition":{"StringEquals":{"AWS:SourceOwner":"%s"}}}]}`, topic, account)
}

// checkPolicy refuses what is no policy of a topic.
func checkPolicy(text string) error {
	if _, err := policy.ParseResource(text); err != nil {
		return invalid("Policy Error: %s", err)
	}
	p, err := policy.ReadWritten(text)
	if err != nil {
		return err
	}
	for _, raw := range p.Statement {
		if !ours(raw) {
			return invalid("Policy statement action out of service scope!")
		}
	}
	return nil
}

// ours tells whether the actions of a statement are all of the service.
func ours(statement json.RawMessage) bool {
	var many struct{ Action []string }
	if json.Unmarshal(statement, &many) != nil {
		var one struct{ Action string }
		if json.Unmarshal(statement, &one) != nil {
			return true // the parser knows what it took
		}
		many.Action = []string{one.Action}
	}
	return !slices.ContainsFunc(many.Action, func(a string) bool { return a != "*" && !strings.HasPrefix(strings.ToLower(a), "sns:") })
}

// permit adds a statement that allows accounts some actions.
func permit(text, topic, label string, accounts, actions []string) (string, error) {
	p, err := policy.ReadWritten(text)
	if err != nil {
		return "", err
	}
	if label == "" {
		return "", invalid("Label")
	}
	if p.Has(label) {
		return "", invalid("Statement already exists")
	}
	var who, what []string
	for _, a := range accounts {
		if len(a) != 12 || strings.Trim(a, "0123456789") != "" {
			return "", invalid("Policy statement: AWS account %s is not valid", a)
		}
		who = append(who, "arn:aws:iam::"+a+":root")
	}
	for _, a := range actions {
		if !slices.Contains(permitted, a) {
			return "", invalid("Policy statement action out of service scope!")
		}
		what = append(what, "SNS:"+a)
	}
	err = p.Add(map[string]any{"Sid": label, "Effect": "Allow", "Principal": map[string]any{"AWS": who}, "Action": what, "Resource": topic})
	if err != nil {
		return "", err
	}
	return p.Text()
}

// permitted are the actions that AddPermission can allow.
var permitted = []string{
	"AddPermission", "DeleteTopic", "GetTopicAttributes", "ListSubscriptionsByTopic", "ListTagsForResource", "Publish", "RemovePermission",
	"SetTopicAttributes", "Subscribe",
}

// forbid removes the statements of a label.
func forbid(text, label string) (string, error) {
	p, err := policy.ReadWritten(text)
	if err != nil {
		return "", err
	}
	if !p.Remove(label) {
		return "", nil
	}
	return p.Text()
}
