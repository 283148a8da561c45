package accessanalyzer

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"

	"tamachi/internal/aws/reference"
	"tamachi/internal/policy"
)

// validate finds what there is to be said of a policy.
func validate(text string, of types.PolicyType, resource types.ValidatePolicyResourceType) ([]types.ValidatePolicyFinding, error) {
	names, err := reference.Catalogue()
	if err != nil {
		return nil, err
	}
	r := &report{text: text, of: of, resource: resource, findings: []types.ValidatePolicyFinding{}}
	root, fault := readTree(text)
	if root == nil {
		p := r.position(fault)
		r.find("JSON_SYNTAX_ERROR", site{start: fault, end: min(fault+1, len(text))}, strconv.Itoa(int(*p.Offset)), strconv.Itoa(int(*p.Line)), strconv.Itoa(int(*p.Column)))
		return r.findings, nil
	}
	top := site{end: root.end, start: root.start, value: root}
	if !r.isKind(top, isObject) {
		return r.findings, nil
	}
	r.checkTop(top)
	r.checkSize()
	if m := root.member("Statement"); m != nil {
		r.checkStatements(top.under(m), names)
	}
	r.rest()
	return r.findings, nil
}

var kindNames = map[kind]string{isString: "String", isNumber: "Number", isBool: "Boolean", isArray: "Array", isObject: "JSON Object"}

// isKind tells whether a value is what it has to be, and says so when not.
func (r *report) isKind(at site, want kind) bool {
	if at.value.kind != want {
		r.find("DATA_TYPE_MISMATCH", at, kindNames[want])
		return false
	}
	return true
}

// elements finds members that are not of the language.
func (r *report) elements(at site, known ...string) {
	seen := map[string]bool{}
	for i := range at.value.members {
		m := &at.value.members[i]
		if !slices.Contains(known, m.name) || seen[m.name] {
			r.find("INVALID_POLICY_ELEMENT", at.name(m), m.name)
		}
		seen[m.name] = true
	}
}

// checkTop looks at Version, Id and the presence of statements.
func (r *report) checkTop(top site) {
	r.elements(top, "Version", "Id", "Statement")
	if m := top.value.member("Version"); m == nil {
		r.find("MISSING_VERSION", top)
	} else if at := top.under(m); r.isKind(at, isString) {
		r.variable = m.value.text == "2012-10-17"
		if !r.variable && m.value.text != "2008-10-17" {
			r.find("INVALID_VERSION", at, m.value.text, "2012-10-17, 2008-10-17")
		}
	}
	if m := top.value.member("Id"); m != nil {
		r.isKind(top.under(m), isString)
	}
	m := top.value.member("Statement")
	if m == nil || m.value.kind == isArray && len(m.value.items) == 0 {
		r.find("MISSING_STATEMENT", top)
	}
}

// The quotas of policies' sizes. Source: IAM User Guide, "IAM and AWS STS
// quotas"; AWS Organizations User Guide, "Quotas".
const maxIdentity = 6144

func (r *report) checkSize() {
	whole := site{start: 0, end: len(r.text)}
	switch r.of {
	case types.PolicyTypeIdentityPolicy:
		if n := policy.Size(r.text); n > maxIdentity {
			r.find("POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", whole, strconv.Itoa(n), strconv.Itoa(maxIdentity))
		}
	case types.PolicyTypeServiceControlPolicy:
		if n := utf8.RuneCountInString(r.text); n > policy.MaxSCP {
			r.find("POLICY_SIZE_EXCEEDS_SCP_QUOTA", whole, strconv.Itoa(n), strconv.Itoa(policy.MaxSCP))
		}
	case types.PolicyTypeResourcePolicy, types.PolicyTypeResourceControlPolicy:
	}
}

// rest tells of what the engine refuses and no other check has found, so that a
// policy without errors is one that can be stored.
func (r *report) rest() {
	if r.broken() || r.harmless() {
		return
	}
	parse := map[types.PolicyType]func(string) (*policy.Document, error){
		types.PolicyTypeIdentityPolicy: policy.Parse, types.PolicyTypeResourcePolicy: policy.ParseResource,
		types.PolicyTypeServiceControlPolicy: policy.ParseSCP, types.PolicyTypeResourceControlPolicy: policy.ParseRCP,
	}[r.of]
	if r.trust() {
		parse = policy.ParseTrust
	}
	_, err := parse(r.text)
	fault, ok := err.(*policy.Fault) //nolint:errorlint // the parsers return nothing else
	if !ok || fault == nil {
		return
	}
	start := 0
	for line := 1; line < fault.Line; line++ {
		start += strings.IndexByte(r.text[start:], '\n') + 1
	}
	for column := 1; column < fault.Column; column++ {
		_, n := utf8.DecodeRuneInString(r.text[start:])
		start += n
	}
	r.find("INVALID_POLICY_ELEMENT", site{start: start, end: start}, strings.TrimSuffix(fault.Message, "."))
}

// harmless tells whether something was found that AWS does not call an error and
// the engine refuses: an empty list or object, a value that is not of its
// operator's kind.
func (r *report) harmless() bool {
	for _, f := range r.findings {
		if strings.HasPrefix(*f.IssueCode, "EMPTY_") || strings.HasPrefix(*f.IssueCode, "TYPE_MISMATCH_") {
			return true
		}
	}
	return false
}

// trust tells whether it is the trust policy of a role.
func (r *report) trust() bool {
	return r.resource == types.ValidatePolicyResourceTypeRoleTrust
}
