package policy

import (
	"errors"
	"regexp"
	"unicode"
)

// Document is a parsed policy. It does not change and may be used by many at
// once.
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

// grammar is what a document belongs to, which decides what its statements
// hold.
type grammar int

const (
	ofPrincipal grammar = iota + 1
	ofResource
	ofTrust
	ofRCP
)

// Parse reads a policy that belongs to a principal: an identity policy, a
// permissions boundary, a session policy. An error is a *Fault.
func Parse(text string) (*Document, error) { return parse(text, ofPrincipal) }

// ParseResource reads the policy of a resource or of a VPC endpoint, whose
// statements name principals.
func ParseResource(text string) (*Document, error) { return parse(text, ofResource) }

// ParseTrust reads the trust policy of a role: its statements name principals
// and no resource.
func ParseTrust(text string) (*Document, error) { return parse(text, ofTrust) }

// The most characters that policies of an organization may have. Source:
// Organizations User Guide, "Quotas and service limits for AWS Organizations".
const (
	MaxSCP = 10_240
	MaxRCP = 5_120
)

// ParseSCP reads a service control policy: the language of identity policies in
// Version 2012-10-17. Source: Organizations User Guide, "SCP syntax".
func ParseSCP(text string) (*Document, error) {
	d, err := parse(text, ofPrincipal)
	return checkControl(d, err, text, MaxSCP)
}

// ParseRCP reads a resource control policy: statements that deny everyone some
// actions, never all. Source: Organizations User Guide, "RCP syntax".
func ParseRCP(text string) (*Document, error) {
	d, err := parse(text, ofRCP)
	return checkControl(d, err, text, MaxRCP)
}

func checkControl(d *Document, err error, text string, most int) (*Document, error) {
	switch {
	case len([]rune(text)) > most:
		return nil, &Fault{Position{1, 1}, "The policy content exceeds the maximum length."}
	case err == nil && d.Version != "2012-10-17":
		return nil, &Fault{Position{1, 1}, "The policy must have the Version 2012-10-17."}
	}
	return d, err
}

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

func parse(text string, g grammar) (*Document, error) {
	top, err := readObject(text)
	if err != nil {
		var placed misplaced
		errors.As(err, &placed)
		return nil, faultOf(text, misplaced{errSyntax, placed.offset})
	}
	d := &Document{text: text}
	if err := d.read(top, g); err != nil {
		return nil, faultOf(text, at(top.start, err))
	}
	return d, nil
}

func (d *Document) read(top *object, g grammar) error {
	if err := top.only("Version", "Id", "Statement"); err != nil {
		return err
	}
	var err error
	if d.Version, err = top.text("Version"); err != nil {
		return err
	}
	if d.Version != "" && d.Version != "2012-10-17" && d.Version != "2008-10-17" {
		return top.at(errSyntax, "Version")
	}
	if d.ID, err = top.text("Id"); err != nil {
		return err
	}
	list, ok := top.objects("Statement")
	if !ok || len(list) == 0 || len(list) > maxStatements {
		return top.at(errSyntax, "Statement")
	}
	seen := map[string]bool{}
	for _, o := range list {
		s, err := compileStatement(o, g, d.Version == "2012-10-17")
		if err != nil {
			return err
		}
		if s.SID != "" && seen[s.SID] {
			return o.at(errors.New("Statement IDs (SID) in a single policy must be unique."), "Sid") //nolint:staticcheck,revive // AWS's words
		}
		seen[s.SID] = true
		d.Statements = append(d.Statements, s)
	}
	return nil
}

// sidForm is that of IAM; policies of resources may hold more.
var sidForm = regexp.MustCompile(`^[0-9A-Za-z]*$`)
