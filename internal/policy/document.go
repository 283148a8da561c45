package policy

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// Document is a parsed policy, ready to decide. It does not change and may be
// used by many at once.
type Document struct {
	Version    string // empty when the text has none
	ID         string
	Statements []Statement
	text       string
	unreadable string // why; empty for a document that was read
}

// Text is what the document was read from.
func (d *Document) Text() string { return d.text }

// Unreadable stands for a document that cannot be read, for the reason given:
// it denies whatever it is asked.
func Unreadable(text, reason string) *Document { return &Document{text: text, unreadable: reason} }

// Statement allows or denies actions on resources under conditions.
type Statement struct {
	SID  string
	Deny bool
	// Actions and Resources are the texts of Action or NotAction and of Resource
	// or NotResource as they were written, for rooms that check their form.
	Actions    []string
	Resources  []string
	principals *principals // nil where the document belongs to a principal
	actions    patterns
	resources  patterns
	conditions []condition
}

// ErrSyntax is what AWS says of a text that is no policy at all.
var ErrSyntax = errors.New("Syntax errors in policy.") //nolint:staticcheck,revive // AWS's words, fit for MalformedPolicyDocument

// kind is what a document belongs to, which decides what its statements hold.
type kind int

const (
	ofPrincipal kind = iota + 1
	ofResource
	ofTrust
)

// Parse reads a policy that belongs to a principal: an identity policy, a
// permissions boundary, a session policy. The error's text is fit for a
// MalformedPolicyDocument.
func Parse(text string) (*Document, error) { return parse(text, ofPrincipal) }

// ParseResource reads the policy of a resource, whose statements name
// principals.
func ParseResource(text string) (*Document, error) { return parse(text, ofResource) }

// ParseTrust reads the trust policy of a role: its statements name principals
// and no resource.
func ParseTrust(text string) (*Document, error) { return parse(text, ofTrust) }

// Size counts a document's characters as the quotas of IAM do: white space
// does not count. Source: IAM User Guide, "IAM and AWS STS quotas".
func Size(text string) int {
	n := 0
	for _, r := range text {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// maxStatements bounds what one document may cost; no size limit of AWS lets
// more through.
const maxStatements = 1000

func parse(text string, k kind) (*Document, error) {
	top, err := readObject(text)
	if err != nil || !top.only("Version", "Id", "Statement") {
		return nil, ErrSyntax
	}
	d := &Document{text: text}
	var ok bool
	if d.Version, ok = top.text("Version"); !ok || d.Version != "" && d.Version != "2012-10-17" && d.Version != "2008-10-17" {
		return nil, ErrSyntax
	}
	if d.ID, ok = top.text("Id"); !ok {
		return nil, ErrSyntax
	}
	list, ok := top.objects("Statement")
	if !ok || len(list) == 0 || len(list) > maxStatements {
		return nil, ErrSyntax
	}
	seen := map[string]bool{}
	for _, o := range list {
		s, err := compileStatement(o, k, d.Version == "2012-10-17")
		if err != nil {
			return nil, err
		}
		if s.SID != "" && seen[s.SID] {
			return nil, errors.New("Statement IDs (SID) in a single policy must be unique.") //nolint:staticcheck,revive // AWS's words
		}
		seen[s.SID] = true
		d.Statements = append(d.Statements, s)
	}
	return d, nil
}

// sidForm is that of IAM; policies of resources may hold more.
var sidForm = regexp.MustCompile(`^[0-9A-Za-z]*$`)

func compileStatement(o *object, k kind, variables bool) (Statement, error) {
	s := Statement{}
	if !o.only("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition") {
		return s, ErrSyntax
	}
	sid, okSID := o.text("Sid")
	effect, okEffect := o.text("Effect")
	if !okSID || !okEffect || effect != "Allow" && effect != "Deny" {
		return s, ErrSyntax
	}
	s.SID, s.Deny = sid, effect == "Deny"
	if k == ofPrincipal && !sidForm.MatchString(sid) {
		return s, errors.New("Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*") //nolint:staticcheck,revive // AWS's words
	}
	var err error
	if s.principals, err = compilePrincipals(o, k); err != nil {
		return s, err
	}
	if s.actions, err = compileActions(o, k); err != nil {
		return s, err
	}
	s.Actions, _, _, _ = either(o, "Action")
	s.Resources, _, _, _ = either(o, "Resource")
	if s.resources, err = compileResources(o, k, variables); err != nil {
		return s, err
	}
	s.conditions, err = compileConditions(o, variables)
	return s, err
}

// either reads one of two elements that exclude each other.
func either(o *object, name string) (values []string, inverted, found bool, err error) {
	plain, not := o.has(name), o.has("Not"+name)
	if plain && not {
		return nil, false, false, ErrSyntax
	}
	if !plain && !not {
		return nil, false, false, nil
	}
	if not {
		name = "Not" + name
	}
	values, ok := o.texts(name)
	if !ok {
		return nil, false, false, ErrSyntax
	}
	return values, not, true, nil
}

var vendorForm = regexp.MustCompile(`^[a-zA-Z0-9.-]+$`)

func compileActions(o *object, k kind) (patterns, error) {
	values, inverted, found, err := either(o, "Action")
	if err != nil {
		return patterns{}, err
	}
	if k == ofTrust && !found {
		return patterns{}, errors.New("Missing required field Action") //nolint:staticcheck,revive // AWS's words
	}
	if !found || len(values) == 0 {
		return patterns{}, errors.New("Policy statement must contain actions.") //nolint:staticcheck,revive // AWS's words
	}
	out := patterns{inverted: inverted}
	for _, v := range values {
		vendor, name, two := strings.Cut(v, ":")
		switch {
		case v == "*" || v == "*:*":
		case !two:
			return out, errors.New("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.") //nolint:staticcheck,revive // AWS's words
		case strings.Contains(name, ":"):
			return out, errors.New("Actions/Condition can contain only one colon.") //nolint:staticcheck,revive // AWS's words
		case !vendorForm.MatchString(vendor):
			return out, fmt.Errorf("Vendor %s is not valid", vendor) //nolint:staticcheck,revive // AWS's words
		}
		p, err := compile(strings.ToLower(v), true, false)
		if err != nil {
			return out, ErrSyntax
		}
		out.list = append(out.list, p)
	}
	return out, nil
}

func compileResources(o *object, k kind, variables bool) (patterns, error) {
	values, inverted, found, err := either(o, "Resource")
	switch {
	case err != nil:
		return patterns{}, err
	case k == ofTrust && found:
		return patterns{}, errors.New("Has prohibited field Resource") //nolint:staticcheck,revive // AWS's words
	case k == ofTrust:
		return patterns{list: []pattern{{text: anyMark}}}, nil
	case !found || len(values) == 0:
		return patterns{}, errors.New("Policy statement must contain resources.") //nolint:staticcheck,revive // AWS's words
	}
	out := patterns{inverted: inverted}
	for _, v := range values {
		if v != "*" && !strings.HasPrefix(v, "arn:") {
			return out, fmt.Errorf(`Resource %s must be in ARN format or "*".`, v) //nolint:staticcheck,revive // AWS's words
		}
		p, err := compile(v, true, variables)
		if err != nil {
			return out, ErrSyntax
		}
		out.list = append(out.list, p)
	}
	return out, nil
}
