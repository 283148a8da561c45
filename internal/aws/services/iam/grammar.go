package iam

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// The grammar of policy documents as IAM checks it when a document is stored,
// with IAM's texts. What a document means is package policy's business.
// Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM
// JSON policy elements reference".

// malformed is IAM's refusal of a document.
func malformed(format string, args ...any) error {
	return &types.MalformedPolicyDocumentException{Message: new(fmt.Sprintf(format, args...))}
}

var errSyntax = malformed("Syntax errors in policy.")

// statement is one statement of a document that was read.
type statement struct {
	SID       string
	Effect    string
	Action    texts
	NotAction texts
	Resource  texts
	NotRes    texts
	Principal json.RawMessage
	has       map[string]bool
	condition json.RawMessage
}

// texts is a string or a list of strings, as policies allow everywhere.
type texts []string

func (t *texts) read(raw json.RawMessage) bool {
	var one *string
	if json.Unmarshal(raw, &one) == nil {
		if one == nil {
			return false
		}
		*t = texts{*one}
		return true
	}
	var many []*string
	if json.Unmarshal(raw, &many) != nil {
		return false
	}
	*t = make(texts, 0, len(many))
	for _, s := range many {
		if s == nil {
			return false
		}
		*t = append(*t, *s)
	}
	return true
}

// document is what a policy says, before anything is known of its meaning.
type document struct {
	version    string
	statements []*statement
}

// checkIdentityPolicy refuses a document that cannot be the policy of a user,
// group or role.
func checkIdentityPolicy(text string) error {
	d, ok := readDocument(text)
	if !ok {
		return errSyntax
	}
	if d.version != "2012-10-17" {
		return malformed("Policy document must be version 2012-10-17 or greater.")
	}
	for _, s := range d.statements {
		if s.has["Principal"] || s.has["NotPrincipal"] {
			return malformed("Policy document should not specify a principal.")
		}
	}
	if err := d.checkIDs(); err != nil {
		return err
	}
	for _, s := range d.statements {
		if len(s.Action)+len(s.NotAction) == 0 {
			return malformed("Policy statement must contain actions.")
		}
		if len(s.Resource)+len(s.NotRes) == 0 {
			return malformed("Policy statement must contain resources.")
		}
	}
	return d.checkWords()
}

// checkWords looks at every resource, then at every action and condition.
func (d *document) checkWords() error {
	for _, s := range d.statements {
		for _, r := range slices.Concat(s.Resource, s.NotRes) {
			if err := checkResource(r); err != nil {
				return err
			}
		}
	}
	for _, s := range d.statements {
		for _, a := range slices.Concat(s.Action, s.NotAction) {
			if err := checkAction(a); err != nil {
				return err
			}
		}
	}
	return nil
}

var sidPattern = regexp.MustCompile(`^[0-9A-Za-z]*$`)

func (d *document) checkIDs() error {
	seen := make(map[string]bool)
	for _, s := range d.statements {
		if !sidPattern.MatchString(s.SID) {
			return malformed("Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*")
		}
		if s.SID != "" && seen[s.SID] {
			return malformed("Statement IDs (SID) in a single policy must be unique.")
		}
		seen[s.SID] = true
	}
	return nil
}

// readDocument reads the JSON and its elements; ok is false for what is no
// policy.
func readDocument(text string) (*document, bool) {
	top, ok := members([]byte(text))
	if !ok {
		return nil, false
	}
	d := &document{}
	var list []json.RawMessage
	for name, raw := range top {
		switch name {
		case "Version":
			ok = text1(raw, &d.version) && slices.Contains([]string{"2008-10-17", "2012-10-17"}, d.version)
		case "Id":
			var id string
			ok = text1(raw, &id)
		case "Statement":
			if bytes.HasPrefix(raw, []byte("{")) {
				list = []json.RawMessage{raw}
			} else {
				ok = json.Unmarshal(raw, &list) == nil
			}
		default:
			ok = false
		}
		if !ok {
			return nil, false
		}
	}
	for _, raw := range list {
		s, ok := readStatement(raw)
		if !ok {
			return nil, false
		}
		d.statements = append(d.statements, s)
	}
	return d, len(d.statements) > 0
}

func readStatement(raw json.RawMessage) (*statement, bool) {
	fields, ok := members(raw)
	if !ok {
		return nil, false
	}
	s := &statement{has: make(map[string]bool, len(fields))}
	for name, raw := range fields {
		s.has[name] = true
		if !s.element(name, raw) {
			return nil, false
		}
	}
	clash := s.has["Action"] && s.has["NotAction"] || s.has["Resource"] && s.has["NotResource"] ||
		s.has["Principal"] && s.has["NotPrincipal"]
	return s, !clash && (s.Effect == "Allow" || s.Effect == "Deny")
}

func (s *statement) element(name string, raw json.RawMessage) bool {
	switch name {
	case "Sid":
		return text1(raw, &s.SID)
	case "Effect":
		return text1(raw, &s.Effect)
	case "Action":
		return s.Action.read(raw)
	case "NotAction":
		return s.NotAction.read(raw)
	case "Resource":
		return s.Resource.read(raw)
	case "NotResource":
		return s.NotRes.read(raw)
	case "Principal", "NotPrincipal":
		s.Principal = raw
		return true
	case "Condition":
		s.condition = raw
		return checkCondition(raw)
	}
	return false
}

func text1(raw json.RawMessage, into *string) bool {
	return bytes.HasPrefix(raw, []byte(`"`)) && json.Unmarshal(raw, into) == nil
}

// members reads an object; a name twice, or text after its end, is no object.
func members(raw []byte) (map[string]json.RawMessage, bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, false
	}
	out := make(map[string]json.RawMessage)
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, false
		}
		key := name.(string) // a decoder refuses other names
		var value json.RawMessage
		if _, twice := out[key]; twice || d.Decode(&value) != nil {
			return nil, false
		}
		out[key] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, false
	}
	return out, !d.More()
}

// lettersOf counts a document as its size limits do: without white space (IAM
// User Guide, "IAM and AWS STS quotas").
func lettersOf(text string) int {
	n := 0
	for _, r := range text {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

var vendorPattern = regexp.MustCompile(`^[a-zA-Z0-9.-]+$`)

func checkAction(action string) error {
	if action == "*" {
		return nil
	}
	vendor, name, ok := strings.Cut(action, ":")
	if !ok {
		return malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
	}
	if strings.Contains(name, ":") {
		return malformed("Actions/Condition can contain only one colon.")
	}
	if !vendorPattern.MatchString(vendor) && vendor != "*" {
		return malformed("Vendor %s is not valid", vendor)
	}
	return nil
}
