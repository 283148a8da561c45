package organizations

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/policy"
	"tamachi/internal/store"
)

// control is a policy of an organization: a service control policy (SCP) or a
// resource control policy (RCP). Other types would have no effect here and are
// refused.
type control struct {
	ID           string // p-...
	Organization string // empty for those of AWS
	Type         string
	Name         string
	Description  string
	Content      string
	Tags         map[string]string
}

var policies = store.Table[control]{
	Name:    "organizations.policies",
	Reach:   store.Plane,
	Key:     func(p *control) string { return p.Organization + "/" + p.ID },
	Indexes: map[string]func(*control) string{"organization": func(p *control) string { return p.Organization }},
}

// The types that act.
const (
	scpType = string(types.PolicyTypeServiceControlPolicy)
	rcpType = string(types.PolicyTypeResourceControlPolicy)
)

// The policies of AWS, which hold where their type is enabled. Source:
// Organizations User Guide, "SCP evaluation" and "RCP evaluation".
var (
	fullAccess = control{
		ID: "p-FullAWSAccess", Type: scpType, Name: "FullAWSAccess", Description: "Allows access to every operation",
		Content: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
	}
	fullResources = control{
		ID: "p-RCPFullAWSAccess", Type: rcpType, Name: "RCPFullAWSAccess", Description: "Allow all access",
		Content: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`,
	}
)

// limits of a type. Source: Organizations User Guide, "Quotas for AWS
// Organizations".
type limits struct{ characters, attached, kept int }

var limitsOf = map[string]limits{
	scpType: {characters: policy.MaxSCP, attached: 10, kept: 10_000},
	rcpType: {characters: policy.MaxRCP, attached: 5, kept: 1_000},
}

// full is the policy of AWS of a type.
func full(kind string) *control {
	c := fullAccess
	if kind == rcpType {
		c = fullResources
	}
	return &c
}

func (p *control) ofAWS() bool { return p.Organization == "" }

func (p *control) arn(o *organization) string {
	kind := strings.ToLower(p.Type)
	if p.ofAWS() {
		return "arn:aws:organizations::aws:policy/" + kind + "/" + p.ID
	}
	return o.arn("policy", kind+"/"+p.ID)
}

func (p *control) summary(o *organization) *types.PolicySummary {
	return &types.PolicySummary{
		Id: aws.String(p.ID), Arn: aws.String(p.arn(o)), Name: aws.String(p.Name), Description: aws.String(p.Description),
		Type: types.PolicyType(p.Type), AwsManaged: p.ofAWS(),
	}
}

func (p *control) shown(o *organization) *types.Policy {
	return &types.Policy{PolicySummary: p.summary(o), Content: aws.String(p.Content)}
}

// policyOf returns a policy that the organization has or AWS gave it, or nil.
func policyOf(tx *store.Tx, o *organization, id string) (*control, error) {
	for _, kind := range []string{scpType, rcpType} {
		if f := full(kind); f.ID == id {
			return f, nil
		}
	}
	p, err := policies.Get(tx, store.Scope{}, o.ID+"/"+id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return p, err
}

// wantPolicy is policyOf with the error of operations on policies.
func wantPolicy(tx *store.Tx, o *organization, id string) (*control, error) {
	p, err := policyOf(tx, o, id)
	if err == nil && p == nil {
		err = &types.PolicyNotFoundException{Message: aws.String("You specified a policy that doesn't exist.")}
	}
	return p, err
}

// wantOwn is wantPolicy for what changes it: AWS's stay as they are.
func wantOwn(tx *store.Tx, o *organization, id string) (*control, error) {
	p, err := wantPolicy(tx, o, id)
	if err == nil && p.ofAWS() {
		err = &types.InvalidInputException{
			Message: aws.String("You can't update or delete a policy that is managed by AWS."), Reason: types.InvalidInputExceptionReasonImmutablePolicy,
		}
	}
	return p, err
}

// acceptType refuses types that have no effect here, and any where the
// organization shares bills only.
func (o *organization) acceptType(kind types.PolicyType) error {
	_, acts := limitsOf[string(kind)]
	if acts && o.FeatureSet == string(types.OrganizationFeatureSetAll) {
		return nil
	}
	return &types.PolicyTypeNotAvailableForOrganizationException{
		Message: aws.String("You can't use the specified policy type with the feature set currently enabled for this organization."),
	}
}

// acceptContent checks a policy's text against the grammar of its type.
func acceptContent(kind, text string) error {
	if n := utf8.RuneCountInString(text); n > limitsOf[kind].characters {
		return violation(types.ConstraintViolationExceptionReasonPolicyContentLimitExceeded, "You have exceeded the maximum policy content size.")
	}
	if _, err := parse(kind, text); err != nil {
		return &types.MalformedPolicyDocumentException{Message: aws.String("The provided policy document does not meet the requirements of the specified policy type: " + err.Error())}
	}
	return nil
}

// freePolicyName fails where the organization has another policy of the type and name.
func freePolicyName(all []*control, p *control) error {
	for _, other := range all {
		if other.ID != p.ID && other.Type == p.Type && other.Name == p.Name {
			return &types.DuplicatePolicyException{Message: aws.String("A policy with the same name already exists.")}
		}
	}
	return nil
}

// policiesOf lists the policies of an organization in the order of their ids,
// without those of AWS.
func policiesOf(tx *store.Tx, o *organization) ([]*control, error) {
	return policies.By(tx, store.Scope{}, "organization", o.ID, store.Page{})
}

func violation(reason types.ConstraintViolationExceptionReason, text string) error {
	return &types.ConstraintViolationException{Message: aws.String(text), Reason: reason}
}
