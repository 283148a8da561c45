package kms

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
)

const (
	defaultPolicyName = "default"
	maxPolicy         = 32 * 1024 // bytes (Developer Guide, "Resource quotas")
)

// defaultPolicy hands every decision to the account's own policies.
// Source: AWS KMS Developer Guide, "Default key policy".
func defaultPolicy(account string) string {
	return fmt.Sprintf(`{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "%s"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`, rootARN(account))
}

func malformed(text string) error { return &types.MalformedPolicyDocumentException{Message: &text} }

// parsePolicy reads a key policy and refuses one that the gate could not
// evaluate: it would lock everybody out.
// Source: AWS KMS Developer Guide, "Key policies in AWS KMS".
func parsePolicy(given string) (*policy.Document, error) {
	if len(given) > maxPolicy {
		return nil, &types.LimitExceededException{Message: new("The key policy is longer than 32768 bytes.")}
	}
	d, err := policy.ParseResource(given)
	if err != nil {
		return nil, malformed(err.Error())
	}
	if len(d.Statements) == 0 {
		return nil, malformed("Could not parse the policy: Statement is empty!")
	}
	names, _ := d.Names()
	for _, name := range names {
		if name != "*" && !principalARN.MatchString(name) {
			return nil, malformed("Policy contains a statement with one or more invalid principals.")
		}
	}
	return d, nil
}

// checkPolicy refuses a new policy of a key: one that is malformed, and, unless
// bypass, one under which the caller could not change it again.
// Source: API Reference, PutKeyPolicy: BypassPolicyLockoutSafetyCheck.
func checkPolicy(call *api.Call, k *Key, given string, bypass bool) error {
	d, err := parsePolicy(given)
	if err != nil || bypass {
		return err
	}
	c := &call.Caller
	who := policy.Who{Account: c.Account, ARN: c.ARN, ID: c.UserID}
	if c.Session != nil {
		who.Behind = c.Session.IssuerARN
	}
	r := d.Decide(&policy.Request{
		Action: "kms:PutKeyPolicy", Resource: k.ARN(), Who: who,
		Keys: again{ask{}.allKeys(call, k), c},
	})
	if r.Outcome != policy.Allow {
		return malformed("The new key policy will not allow you to update the key policy in the future.")
	}
	return nil
}

// again answers the condition keys of a PutKeyPolicy that the same caller makes
// later: what may be otherwise then is absent.
type again struct {
	keys   map[string]string
	caller *api.Caller
}

// Values returns what is sure of a condition key.
func (a again) Values(key string) ([]string, bool) {
	for k, v := range a.keys {
		if strings.EqualFold(k, key) {
			return []string{v}, true
		}
	}
	switch key {
	case "aws:principalaccount":
		return []string{a.caller.Account}, true
	case "aws:principalarn":
		if s := a.caller.Session; s != nil && s.IssuerType == api.Role {
			return []string{s.IssuerARN}, true
		}
		return []string{a.caller.ARN}, true
	}
	return nil, true
}
