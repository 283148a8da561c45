package guard

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/policy"
)

// Authorization reads the users, groups, roles and policies of an account.
type Authorization interface {
	GetAccountAuthorizationDetails(context.Context, *iam.GetAccountAuthorizationDetailsInput, ...func(*iam.Options)) (*iam.GetAccountAuthorizationDetailsOutput, error)
}

// Estate is who there is in an account, and what holds them.
type Estate struct {
	Account string
	Holders []*Holder // users, then roles, by ARN
	// SCPs stand above its principals, RCPs above its resources.
	SCPs, RCPs []*policy.Set
	Manages    bool   // the management account: neither holds it
	Org        string // the organization's id; empty for none
	// Unread says why the organization could not be read; SCPs and RCPs are not
	// known then.
	Unread error
	// rules are the policies of resources that were read, by subject.
	rules map[string]rule
}

// Holder is a user or a role.
type Holder struct {
	Who      policy.Who
	Tags     map[string]string
	Identity *policy.Set
	Boundary *policy.Set
	Trust    *policy.Set // of a role: who may assume it
}

// readEstate reads an account. An account that may not read its organization is
// read without it, and says so.
func readEstate(ctx context.Context, id string, api Authorization, org Controls) (*Estate, error) {
	details := &iam.GetAccountAuthorizationDetailsOutput{}
	in := &iam.GetAccountAuthorizationDetailsInput{}
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		in.Marker = token
		out, err := api.GetAccountAuthorizationDetails(ctx, in)
		if err != nil {
			return nil, account.Explain("iam:GetAccountAuthorizationDetails", err)
		}
		details.UserDetailList = append(details.UserDetailList, out.UserDetailList...)
		details.GroupDetailList = append(details.GroupDetailList, out.GroupDetailList...)
		details.RoleDetailList = append(details.RoleDetailList, out.RoleDetailList...)
		details.Policies = append(details.Policies, out.Policies...)
		return out.Marker, nil
	})
	if err != nil {
		return nil, err
	}
	e := assemble(id, details)
	if err := e.readControls(ctx, org); err != nil {
		if _, alone := errors.AsType[*types.AWSOrganizationsNotInUseException](err); !alone {
			e.Unread = account.Explain("organizations:ListPoliciesForTarget", err)
		}
	}
	return e, nil
}

// assemble compiles what IAM tells of an account.
func assemble(id string, details *iam.GetAccountAuthorizationDetailsOutput) *Estate {
	managed := map[string]policy.Policy{}
	for _, p := range details.Policies {
		for _, v := range p.PolicyVersionList {
			if v.IsDefaultVersion {
				managed[aws.ToString(p.Arn)] = compiled(aws.ToString(p.PolicyName), aws.ToString(p.Arn), v.Document)
			}
		}
	}
	attached := func(list []iamtypes.AttachedPolicy, kept []iamtypes.PolicyDetail) []policy.Policy {
		var out []policy.Policy
		for _, a := range list {
			out = append(out, known(managed, aws.ToString(a.PolicyArn)))
		}
		for _, p := range kept {
			out = append(out, compiled(aws.ToString(p.PolicyName), "", p.PolicyDocument))
		}
		return out
	}
	groups := map[string][]policy.Policy{}
	for _, g := range details.GroupDetailList {
		groups[aws.ToString(g.GroupName)] = attached(g.AttachedManagedPolicies, g.GroupPolicyList)
	}
	boundary := func(b *iamtypes.AttachedPermissionsBoundary) *policy.Set {
		if b == nil {
			return nil
		}
		return policy.NewSet(known(managed, aws.ToString(b.PermissionsBoundaryArn)))
	}
	e := &Estate{Account: id, rules: map[string]rule{}}
	for _, u := range details.UserDetailList {
		all := attached(u.AttachedManagedPolicies, u.UserPolicyList)
		for _, g := range u.GroupList {
			all = append(all, groups[g]...)
		}
		e.Holders = append(e.Holders, &Holder{
			Who:  policy.Who{Kind: policy.User, Account: id, ARN: aws.ToString(u.Arn), ID: aws.ToString(u.UserId)},
			Tags: tags(u.Tags), Identity: policy.NewSet(all...), Boundary: boundary(u.PermissionsBoundary),
		})
	}
	for _, r := range details.RoleDetailList {
		_, name, _ := strings.Cut(aws.ToString(r.Arn), ":role/")
		e.Holders = append(e.Holders, &Holder{
			Who: policy.Who{
				Kind: policy.RoleSession, Account: id, Behind: aws.ToString(r.Arn), ID: aws.ToString(r.RoleId) + ":session",
				ARN: "arn:aws:sts::" + id + ":assumed-role/" + name[strings.LastIndexByte(name, '/')+1:] + "/session",
			},
			Tags: tags(r.Tags), Identity: policy.NewSet(attached(r.AttachedManagedPolicies, r.RolePolicyList)...), Boundary: boundary(r.PermissionsBoundary),
			Trust: policy.NewSet(trusting(r.AssumeRolePolicyDocument)),
		})
	}
	slices.SortStableFunc(e.Holders, func(a, b *Holder) int { return strings.Compare(a.Name(), b.Name()) })
	return e
}

// Name is the ARN of the user or the role.
func (h *Holder) Name() string {
	if h.Who.Behind != "" {
		return h.Who.Behind
	}
	return h.Who.ARN
}

// known is a managed policy, or one that denies since nobody told its text.
func known(managed map[string]policy.Policy, arn string) policy.Policy {
	p, there := managed[arn]
	if !there {
		p = policy.Policy{Name: arn, ARN: arn, Document: policy.Unreadable("", "its text was not told")}
	}
	return p
}

// compiled reads a document as IAM tells it: percent-encoded (RFC 3986). One that
// cannot be read denies, as in the evaluation itself.
func compiled(name, arn string, encoded *string) policy.Policy {
	text, err := url.PathUnescape(aws.ToString(encoded))
	if err != nil {
		text = aws.ToString(encoded)
	}
	d, err := policy.Parse(text)
	if err != nil {
		d = policy.Unreadable(text, "it cannot be read")
	}
	return policy.Policy{Name: name, ARN: arn, Document: d}
}

// trusting reads the trust policy of a role likewise.
func trusting(encoded *string) policy.Policy {
	text, err := url.PathUnescape(aws.ToString(encoded))
	if err != nil {
		text = aws.ToString(encoded)
	}
	d, err := policy.ParseTrust(text)
	if err != nil {
		d = policy.Unreadable(text, "it cannot be read")
	}
	return policy.Policy{Name: "trust policy", Document: d}
}

func tags(list []iamtypes.Tag) map[string]string {
	out := make(map[string]string, len(list))
	for _, t := range list {
		out[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return out
}
