package s3

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/netip"
	"slices"
	"strings"
)

// maxPolicy is the largest bucket policy.
// Source: Amazon S3 User Guide, "Examples of Amazon S3 bucket policies".
const maxPolicy = 20 << 10

// document is a bucket policy as far as S3 looks at it when it is put.
type document struct {
	Version   string
	ID        string `json:"Id"`
	Statement statements
}

type statement struct {
	Sid          string
	Effect       string
	Principal    json.RawMessage
	NotPrincipal json.RawMessage
	Action       list
	NotAction    list
	Resource     list
	NotResource  list
	Condition    map[string]map[string]list
}

// statements is one statement or several.
type statements []statement

// UnmarshalJSON reads either form.
func (s *statements) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("{")) {
		*s = make(statements, 1)
		return strictly(b, &(*s)[0])
	}
	var many []json.RawMessage
	if err := json.Unmarshal(b, &many); err != nil {
		return err
	}
	*s = make(statements, len(many))
	for i, one := range many {
		if err := strictly(one, &(*s)[i]); err != nil {
			return err
		}
	}
	return nil
}

// list is one text or several.
type list []string

// UnmarshalJSON reads either form; numbers and booleans are texts too, as in
// conditions.
func (l *list) UnmarshalJSON(b []byte) error {
	var many []any
	if err := json.Unmarshal(b, &many); err != nil {
		var one any
		if err := json.Unmarshal(b, &one); err != nil {
			return err
		}
		many = []any{one}
	}
	for _, v := range many {
		switch v := v.(type) {
		case string:
			*l = append(*l, v)
		case bool, float64:
			text, err := json.Marshal(v)
			if err != nil {
				return err
			}
			*l = append(*l, string(text))
		default:
			return errors.New("neither a text nor a list of texts")
		}
	}
	return nil
}

func strictly(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

func malformedPolicy(message string) error {
	return fault(statusBadRequest, "MalformedPolicy", message)
}

// checkPolicy refuses a text that is no policy for the bucket, and tells
// whether the policy grants access to anyone.
func checkPolicy(text, bucket string) (public bool, err error) {
	switch {
	case len(text) > maxPolicy:
		return false, fault(statusBadRequest, "PolicyTooLarge", "Policy exceeds the maximum allowed document size.")
	case !strings.HasPrefix(strings.TrimSpace(text), "{"):
		return false, malformedPolicy("Policies must be valid JSON and the first byte must be '{'")
	}
	var doc document
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			return false, malformedPolicy("Unknown field " + strings.Trim(field, `"`))
		}
		return false, malformedPolicy("This policy contains invalid Json")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return false, malformedPolicy("This policy contains invalid Json")
	}
	if doc.Version != "" && doc.Version != "2012-10-17" && doc.Version != "2008-10-17" {
		return false, malformedPolicy("The policy must contain a valid version string")
	}
	if len(doc.Statement) == 0 {
		return false, malformedPolicy("Could not parse the policy: Statement is empty!")
	}
	for i := range doc.Statement {
		if err := doc.Statement[i].check(bucket); err != nil {
			return false, err
		}
		public = public || doc.Statement[i].public()
	}
	return public, nil
}

func (s *statement) check(bucket string) error {
	switch {
	case s.Effect == "":
		return malformedPolicy("Missing required field Effect")
	case s.Effect != "Allow" && s.Effect != "Deny":
		return malformedPolicy("Invalid effect: " + s.Effect)
	case len(s.Principal) == 0 && len(s.NotPrincipal) == 0:
		return malformedPolicy("Missing required field Principal")
	case len(s.Principal) > 0 && len(s.NotPrincipal) > 0:
		return malformedPolicy("Statement cannot contain both Principal and NotPrincipal")
	case (len(s.Action) == 0) == (len(s.NotAction) == 0):
		return malformedPolicy("Missing required field Action")
	case (len(s.Resource) == 0) == (len(s.NotResource) == 0):
		return malformedPolicy("Missing required field Resource")
	}
	for _, raw := range []json.RawMessage{s.Principal, s.NotPrincipal} {
		if _, err := principals(raw); err != nil {
			return err
		}
	}
	for _, a := range slices.Concat(s.Action, s.NotAction) {
		if a != "*" && !strings.HasPrefix(strings.ToLower(a), "s3:") {
			return malformedPolicy("Policy has invalid action")
		}
	}
	for _, r := range slices.Concat(s.Resource, s.NotResource) {
		name, ok := strings.CutPrefix(r, "arn:aws:s3:::")
		if !ok || name != bucket && !strings.HasPrefix(name, bucket+"/") && name != bucket+"*" {
			return malformedPolicy("Policy has invalid resource")
		}
	}
	return nil
}

// principals lists whom a member names, by kind: "*", or AWS, Service,
// Federated, CanonicalUser.
func principals(raw json.RawMessage) (map[string]list, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var star string
	if json.Unmarshal(raw, &star) == nil {
		if star != "*" {
			return nil, malformedPolicy("Invalid policy syntax.")
		}
		return map[string]list{"AWS": {"*"}}, nil
	}
	var kinds map[string]list
	if err := json.Unmarshal(raw, &kinds); err != nil || len(kinds) == 0 {
		return nil, malformedPolicy("Invalid policy syntax.")
	}
	for kind, names := range kinds {
		for _, name := range names {
			if !principalForm(kind, name) {
				return nil, malformedPolicy("Invalid principal in policy")
			}
		}
	}
	return kinds, nil
}

func principalForm(kind, name string) bool {
	switch kind {
	case "AWS":
		account, isARN := strings.CutPrefix(name, "arn:aws:iam::")
		if sts, ok := strings.CutPrefix(name, "arn:aws:sts::"); ok {
			account, isARN = sts, true
		}
		return name == "*" || isAccount(name) || isARN && len(account) > 13 && isAccount(account[:12]) && account[12] == ':'
	case "Service":
		return strings.HasSuffix(name, ".amazonaws.com")
	case "Federated", "CanonicalUser":
		return name != ""
	}
	return false
}

func isAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// fixedKeys are the condition keys whose fixed values keep a statement for
// anyone from being public. Source: Amazon S3 User Guide, "Blocking public
// access to your Amazon S3 storage", "The meaning of public".
var fixedKeys = map[string]bool{
	"aws:sourcearn": true, "aws:sourcevpc": true, "aws:sourcevpce": true, "aws:sourceowner": true, "aws:sourceaccount": true,
	"aws:userid": true, "aws:principalorgid": true, "aws:principalaccount": true, "aws:principalarn": true, "aws:sourceip": true,
	"aws:principalorgpaths": true, "aws:sourceorgid": true, "s3:dataaccesspointarn": true, "s3:dataaccesspointaccount": true,
	"s3:x-amz-server-side-encryption-aws-kms-key-id": true,
}

// public tells whether a statement grants something to anyone.
func (s *statement) public() bool {
	if s.Effect != "Allow" {
		return false
	}
	anyone := len(s.NotPrincipal) > 0
	if kinds, err := principals(s.Principal); err == nil {
		for _, name := range kinds["AWS"] {
			anyone = anyone || name == "*"
		}
	}
	if !anyone {
		return false
	}
	for operator, keys := range s.Condition {
		for key, values := range keys {
			if fixed(operator, key, values) {
				return false
			}
		}
	}
	return true
}

// fixed tells whether a condition narrows a statement to known callers.
func fixed(operator, key string, values list) bool {
	key = strings.ToLower(key)
	switch operator {
	case "StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress":
	default:
		return false
	}
	if !fixedKeys[key] || len(values) == 0 {
		return false
	}
	for _, v := range values {
		if key == "aws:sourceip" {
			if !narrow(v) {
				return false
			}
			continue
		}
		if strings.Contains(v, "${") || strings.ContainsAny(v, "*?") && (key != "aws:sourcearn" && key != "aws:principalarn" || !accountFixed(v)) {
			return false
		}
	}
	return true
}

// accountFixed tells whether an ARN with wildcards names its account.
func accountFixed(a string) bool {
	f := strings.SplitN(a, ":", 6)
	return len(f) == 6 && isAccount(f[4])
}

// narrow tells whether a range of addresses is not very broad.
func narrow(cidr string) bool {
	if !strings.Contains(cidr, "/") {
		_, err := netip.ParseAddr(cidr)
		return err == nil
	}
	p, err := netip.ParsePrefix(cidr)
	if err != nil {
		return false
	}
	if p.Addr().Is4() {
		return p.Bits() >= 8
	}
	return p.Bits() >= 32
}
