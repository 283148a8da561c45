package iam

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"

	"tamachi/internal/arn"
	"tamachi/internal/store"
)

// maxTrust is the quota of a role's trust policy in characters that are no
// white space (IAM User Guide, "IAM and AWS STS quotas").
const maxTrust = 2048

// trustee is a principal that a trust policy names.
type trustee struct{ kind, value string }

func (p trustee) invalid() error {
	return malformed(`Invalid principal in policy: "%s":"%s"`, strings.ToUpper(p.kind), p.value)
}

// checkTrust refuses a document that cannot be the trust policy of a role: it
// must name a principal and no resource, and be about assuming the role.
// Source: IAM User Guide, "Update a role trust policy" and "AWS JSON policy
// elements: Principal".
func checkTrust(tx *store.Tx, sc store.Scope, text string) error {
	if lettersOf(text) > maxTrust {
		return overQuota("ACLSizePerRole", maxTrust)
	}
	d, ok := readDocument(text)
	if !ok {
		if !json.Valid([]byte(text)) {
			return malformed("This policy contains invalid Json")
		}
		return errSyntax
	}
	if err := d.checkIDs(); err != nil {
		return err
	}
	for _, s := range d.statements {
		named, err := s.checkTrust()
		if err != nil {
			return err
		}
		for _, p := range named {
			if err := p.check(tx, sc); err != nil {
				return err
			}
		}
	}
	return d.checkWords()
}

func (s *statement) checkTrust() ([]trustee, error) {
	for _, field := range []string{"Resource", "NotResource", "NotPrincipal"} {
		if s.has[field] {
			return nil, malformed("Has prohibited field %s", field)
		}
	}
	if !s.has["Principal"] {
		return nil, malformed("Missing required field Principal")
	}
	if len(s.Action)+len(s.NotAction) == 0 {
		return nil, malformed("Missing required field Action")
	}
	if slices.ContainsFunc(s.Action, func(a string) bool { return !aboutAssuming(a) }) {
		return nil, malformed("AssumeRole policy may only specify STS AssumeRole actions.")
	}
	return trustees(s.Principal)
}

// aboutAssuming tells whether an action of a trust policy is one of those that
// go with assuming a role.
func aboutAssuming(action string) bool {
	vendor, name, _ := strings.Cut(strings.ToLower(action), ":")
	if action == "*" || vendor == "sts" && name == "*" {
		return true
	}
	return vendor == "sts" && (strings.HasPrefix(name, "assumerole") || name == "tagsession" ||
		name == "setsourceidentity" || name == "setcontext")
}

// trustees reads a Principal element.
func trustees(raw json.RawMessage) ([]trustee, error) {
	if bytes.HasPrefix(raw, []byte(`"`)) {
		var all string
		if json.Unmarshal(raw, &all) != nil || all != "*" {
			return nil, trustee{"AWS", all}.invalid()
		}
		return []trustee{{"AWS", "*"}}, nil
	}
	kinds, ok := members(raw)
	if !ok || len(kinds) == 0 {
		return nil, errSyntax
	}
	var out []trustee
	for kind, raw := range kinds {
		var values texts
		if !slices.Contains([]string{"AWS", "Service", "Federated", "CanonicalUser"}, kind) || !values.read(raw) {
			return nil, errSyntax
		}
		for _, v := range values {
			out = append(out, trustee{kind, v})
		}
	}
	return out, nil
}

var (
	accountPattern = regexp.MustCompile(`^\d{12}$`)
	uniquePattern  = regexp.MustCompile(`^(AIDA|AROA|AGPA)[A-Z0-9]{12,}$`)
	hostPattern    = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com(\.cn)?|aws\.internal|amazon\.com)$`)
)

func (p trustee) check(tx *store.Tx, sc store.Scope) error {
	fits := p.value != ""
	switch p.kind {
	case "Service":
		fits = hostPattern.MatchString(p.value)
	case "AWS":
		if p.value == "*" || accountPattern.MatchString(p.value) || uniquePattern.MatchString(p.value) {
			return nil
		}
		return p.checkARN(tx, sc)
	}
	if !fits {
		return p.invalid()
	}
	return nil
}

// checkARN wants a user or role of the account to be there. Of other accounts
// the plane need not know anything: their root stands for them.
func (p trustee) checkARN(tx *store.Tx, sc store.Scope) error {
	a, err := arn.Parse(p.value)
	if err != nil || !accountPattern.MatchString(a.Account) || strings.ContainsAny(p.value, "*?") {
		return p.invalid()
	}
	kind, rest, _ := strings.Cut(a.Resource, "/")
	switch {
	case a.Service == "iam" && a.Resource == "root":
		return nil
	case a.Service == "sts" && (kind == "assumed-role" || kind == "federated-user") && rest != "":
		return nil
	case a.Service != "iam" || kind != "user" && kind != "role" || rest == "":
		return p.invalid()
	case a.Account != sc.Account:
		return nil
	}
	name := rest[strings.LastIndex(rest, "/")+1:]
	if kind == "user" {
		_, err = users.Get(tx, sc, strings.ToLower(name))
	} else {
		_, err = roles.Get(tx, sc, strings.ToLower(name))
	}
	if errors.Is(err, store.ErrNotFound) {
		return p.invalid()
	}
	return err
}
