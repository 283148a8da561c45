package guard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/policy"
)

// Proposal is a policy that is not attached yet.
type Proposal struct {
	Name string
	Kind Kind
	// Alone says that the policy takes the place of FullAWSAccess; else it stands
	// beside it.
	Alone bool

	set *policy.Set
	// anywhere is the same policy for every resource, to find out whether it
	// matters which one was called.
	anywhere *policy.Set
	keys     []string // lower case: the condition keys that it asks for
	// blind says that it does not look at the resource of a call.
	blind bool
}

// Kind is a type of policy that can be tried.
type Kind string

// The kinds.
const (
	SCP      Kind = "scp"
	RCP      Kind = "rcp"
	Boundary Kind = "boundary"
)

const everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

var allowAll = func() *policy.Document {
	d, err := policy.Parse(everything)
	if err != nil {
		panic(err) // it is a constant
	}
	return d
}()

// Read reads the text of a proposal. The error says where the fault is.
func Read(name, text string, kind Kind, alone bool) (*Proposal, error) {
	p := &Proposal{Name: name, Kind: kind, Alone: alone}
	parse := map[Kind]func(string) (*policy.Document, error){SCP: policy.ParseSCP, RCP: policy.ParseRCP, Boundary: policy.Parse}[kind]
	if parse == nil {
		return nil, fmt.Errorf("--type %q: want scp, rcp or boundary", kind)
	}
	doc, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	wide, err := everywhere(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	anywhere, err := parse(wide)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p.set, p.anywhere = p.level(doc), p.level(anywhere)
	p.blind = kind != RCP && !slices.ContainsFunc(doc.Statements, func(s policy.Statement) bool { return !slices.Equal(s.Resources, []string{"*"}) })
	for _, key := range policy.ContextKeys(doc) {
		p.keys = append(p.keys, strings.ToLower(key))
	}
	return p, nil
}

// policyID is the id of a policy of an organization (AWS Organizations API
// Reference, DescribePolicy).
var policyID = regexp.MustCompile(`^p-[0-9a-zA-Z_]{8,128}$`)

// Described reads a policy of an organization.
type Described interface {
	DescribePolicy(context.Context, *organizations.DescribePolicyInput, ...func(*organizations.Options)) (*organizations.DescribePolicyOutput, error)
}

// fromOrganization reads a policy that an organization has already: one that is
// attached elsewhere, or not yet.
func fromOrganization(ctx context.Context, api Described, id string, alone bool) (*Proposal, error) {
	out, err := api.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: &id})
	if err != nil {
		return nil, account.Explain("organizations:DescribePolicy", err)
	}
	kinds := map[types.PolicyType]Kind{types.PolicyTypeServiceControlPolicy: SCP, types.PolicyTypeResourceControlPolicy: RCP}
	name := aws.ToString(out.Policy.PolicySummary.Name)
	kind, held := kinds[out.Policy.PolicySummary.Type]
	if !held {
		return nil, fmt.Errorf("%s is a policy of type %s, which decides no calls", name, out.Policy.PolicySummary.Type)
	}
	return Read(name, aws.ToString(out.Policy.Content), kind, alone)
}

// level is the proposal as it would be attached.
func (p *Proposal) level(doc *policy.Document) *policy.Set {
	all := []policy.Policy{{Name: p.Name, Document: doc}}
	if p.Kind == SCP && !p.Alone {
		all = append(all, policy.Policy{Name: "FullAWSAccess", Document: allowAll})
	}
	return policy.NewLevel("", all...)
}

// everywhere puts "*" for every Resource, and takes NotResource away.
func everywhere(text string) (string, error) {
	var doc map[string]any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return "", err
	}
	list, ok := doc["Statement"].([]any)
	if !ok {
		list = []any{doc["Statement"]}
	}
	for _, s := range list {
		fields, ok := s.(map[string]any)
		if !ok {
			return "", errors.New("a statement is no object")
		}
		delete(fields, "NotResource")
		fields["Resource"] = "*"
	}
	out, err := json.Marshal(doc)
	return string(out), err
}

// policies are what holds a request with the proposal; all else allows, since
// the recorded call was allowed.
func (p *Proposal) policies(set *policy.Set) *policy.Policies {
	all := &policy.Policies{Identity: policy.NewSet(policy.Policy{Name: "recorded", Document: allowAll})}
	switch p.Kind {
	case SCP:
		all.SCPs = []*policy.Set{set}
	case RCP:
		all.RCPs = []*policy.Set{set}
	case Boundary:
		all.Boundary = set
	}
	return all
}
