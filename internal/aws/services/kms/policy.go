package kms

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
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

// document is a key policy as far as this room reads it: its form, and whether
// somebody can still change it. Whom it allows what is the gate's to say.
type document struct {
	Version   string
	ID        string `json:"Id"`
	Statement statements
}

type statements []statement

// UnmarshalJSON reads one statement or a list.
func (l *statements) UnmarshalJSON(b []byte) error {
	return oneOrList(b, (*[]statement)(l))
}

type statement struct {
	SID                     string `json:"Sid"`
	Effect                  string
	Principal, NotPrincipal *principals
	Action, NotAction       words
	Resource, NotResource   words
	Condition               map[string]map[string]any
}

type words []string

// UnmarshalJSON reads one string or a list.
func (w *words) UnmarshalJSON(b []byte) error { return oneOrList(b, (*[]string)(w)) }

// principals are the principals of a statement by kind; "*" is AWS: "*".
type principals map[string]words

// UnmarshalJSON reads "*" or an object.
func (p *principals) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		if one != "*" {
			return errors.New("a principal is a word")
		}
		*p = principals{"AWS": {"*"}}
		return nil
	}
	return json.Unmarshal(b, (*map[string]words)(p))
}

func oneOrList[T any](b []byte, out *[]T) error {
	if t := strings.TrimSpace(string(b)); strings.HasPrefix(t, "[") {
		return json.Unmarshal(b, out)
	}
	var one T
	err := json.Unmarshal(b, &one)
	*out = []T{one}
	return err
}

// parsePolicy reads a key policy and refuses one that is malformed.
// Source: AWS KMS Developer Guide, "Key policies in AWS KMS".
func parsePolicy(given string) (*document, error) {
	if len(given) > maxPolicy {
		return nil, &types.LimitExceededException{Message: new("The key policy is longer than 32768 bytes.")}
	}
	var d document
	dec := json.NewDecoder(strings.NewReader(given))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil || dec.More() {
		return nil, malformed("This policy contains invalid Json")
	}
	if d.Version != "" && d.Version != "2012-10-17" && d.Version != "2008-10-17" {
		return nil, malformed("The policy must contain a valid version string")
	}
	if len(d.Statement) == 0 {
		return nil, malformed("Could not parse the policy: Statement is empty!")
	}
	for i := range d.Statement {
		if err := d.Statement[i].check(); err != nil {
			return nil, err
		}
	}
	return &d, nil
}

func (s *statement) check() error {
	switch {
	case s.Effect != "Allow" && s.Effect != "Deny":
		return malformed("Invalid effect: " + s.Effect)
	case len(s.Action) == 0 == (len(s.NotAction) == 0):
		return malformed("Policy statement must contain actions.")
	case len(s.Resource) == 0 == (len(s.NotResource) == 0):
		return malformed("Policy statement must contain resources.")
	case s.Principal == nil == (s.NotPrincipal == nil):
		return malformed("Policy contains a statement with one or more invalid principals.")
	}
	for _, set := range []*principals{s.Principal, s.NotPrincipal} {
		if set != nil && !set.valid() {
			return malformed("Policy contains a statement with one or more invalid principals.")
		}
	}
	for _, action := range slices.Concat(s.Action, s.NotAction) {
		if action != "*" && !strings.Contains(action, ":") {
			return malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
		}
	}
	return nil
}

func (p principals) valid() bool {
	for kind, list := range p {
		if !slices.Contains([]string{"AWS", "Service", "Federated"}, kind) || len(list) == 0 {
			return false
		}
		for _, name := range list {
			if kind == "AWS" && name != "*" && !principalARN.MatchString(name) {
				return false
			}
		}
	}
	return len(p) > 0
}

// keepsOpen refuses a policy under which the caller could not change the policy
// again: the lockout safety check.
// Source: API Reference, PutKeyPolicy: BypassPolicyLockoutSafetyCheck.
func (d *document) keepsOpen(c *api.Caller, account string) error {
	allowed := false
	for _, s := range d.Statement {
		if !s.covers("kms:PutKeyPolicy") || !s.names(c, account) {
			continue
		}
		if s.Effect == "Deny" && len(s.Condition) == 0 {
			allowed = false
			break
		}
		// A condition may not hold the next time: it opens nothing for sure.
		if s.Effect == "Allow" && len(s.Condition) == 0 {
			allowed = true
		}
	}
	if !allowed {
		return malformed("The new key policy will not allow you to update the key policy in the future.")
	}
	return nil
}

func (s *statement) covers(action string) bool {
	if len(s.NotAction) > 0 {
		return !slices.ContainsFunc(s.NotAction, func(p string) bool { return like(strings.ToLower(p), strings.ToLower(action)) })
	}
	return slices.ContainsFunc(s.Action, func(p string) bool { return like(strings.ToLower(p), strings.ToLower(action)) })
}

func (s *statement) names(c *api.Caller, account string) bool {
	if s.NotPrincipal != nil {
		return !s.NotPrincipal.include(c, account)
	}
	return s.Principal.include(c, account)
}

func (p principals) include(c *api.Caller, account string) bool {
	own := append(principalsOf(c), "*")
	if c.Account == account {
		own = append(own, account, rootARN(account))
	}
	return slices.ContainsFunc(p["AWS"], func(name string) bool { return slices.Contains(own, name) })
}

// like matches a pattern with * and ?.
func like(pattern, s string) bool {
	for pattern != "" {
		switch {
		case pattern[0] == '*':
			pattern = strings.TrimLeft(pattern, "*")
			if pattern == "" {
				return true
			}
			for i := range len(s) + 1 {
				if like(pattern, s[i:]) {
					return true
				}
			}
			return false
		case s == "" || pattern[0] != '?' && pattern[0] != s[0]:
			return false
		}
		pattern, s = pattern[1:], s[1:]
	}
	return s == ""
}

// checkPolicy refuses a new policy of a key.
func checkPolicy(call *api.Call, account, given string, bypass bool) error {
	d, err := parsePolicy(given)
	if err != nil || bypass {
		return err
	}
	return d.keepsOpen(&call.Caller, account)
}
