package guard

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/policy"
)

// Authorization reads the users, groups, roles and policies of an account.
type Authorization interface {
	GetAccountAuthorizationDetails(context.Context, *iam.GetAccountAuthorizationDetailsInput, ...func(*iam.Options)) (*iam.GetAccountAuthorizationDetailsOutput, error)
}

// Controls reads what stands above an account in its organization.
type Controls interface {
	DescribeOrganization(context.Context, *organizations.DescribeOrganizationInput, ...func(*organizations.Options)) (*organizations.DescribeOrganizationOutput, error)
	ListParents(context.Context, *organizations.ListParentsInput, ...func(*organizations.Options)) (*organizations.ListParentsOutput, error)
	ListPoliciesForTarget(context.Context, *organizations.ListPoliciesForTargetInput, ...func(*organizations.Options)) (*organizations.ListPoliciesForTargetOutput, error)
	DescribePolicy(context.Context, *organizations.DescribePolicyInput, ...func(*organizations.Options)) (*organizations.DescribePolicyOutput, error)
}

// Estate is who there is in an account, and what holds them.
type Estate struct {
	Account string
	Holders []*Holder // users, then roles, by ARN
	SCPs    []*policy.Set
	Manages bool // the management account: SCPs do not hold it
	// Unread says why the organization could not be read; SCPs are not known then.
	Unread error
}

// Holder is a user or a role.
type Holder struct {
	Who      policy.Who
	Tags     map[string]string
	Identity *policy.Set
	Boundary *policy.Set
}

// ReadEstate reads an account. An account that may not read its organization is
// read without it, and says so.
func ReadEstate(ctx context.Context, id string, api Authorization, org Controls) (*Estate, error) {
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
	e := &Estate{Account: id}
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

func tags(list []iamtypes.Tag) map[string]string {
	out := make(map[string]string, len(list))
	for _, t := range list {
		out[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return out
}

// readControls reads the service control policies above the account, the root
// first. Where the type is not enabled no level has any, and none hold.
func (e *Estate) readControls(ctx context.Context, org Controls) error {
	o, err := org.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	if err != nil {
		return err
	}
	e.Manages = aws.ToString(o.Organization.MasterAccountId) == e.Account
	if e.Manages {
		return nil
	}
	var levels []*policy.Set
	some := false
	for place := e.Account; place != ""; {
		var list []policy.Policy
		err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
			out, err := org.ListPoliciesForTarget(ctx, &organizations.ListPoliciesForTargetInput{TargetId: &place, Filter: types.PolicyTypeServiceControlPolicy, NextToken: token})
			if err != nil {
				return nil, err
			}
			for _, p := range out.Policies {
				text, err := org.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: p.Id})
				if err != nil {
					return nil, err
				}
				d, err := policy.ParseSCP(aws.ToString(text.Policy.Content))
				if err != nil {
					d = policy.Unreadable("", fmt.Sprint("it cannot be read: ", err))
				}
				list = append(list, policy.Policy{Name: aws.ToString(p.Name), ARN: aws.ToString(p.Arn), Document: d})
			}
			return out.NextToken, nil
		})
		if err != nil {
			return err
		}
		some = some || len(list) > 0
		levels = append(levels, policy.NewLevel(place, list...))
		if strings.HasPrefix(place, "r-") {
			break
		}
		up, err := org.ListParents(ctx, &organizations.ListParentsInput{ChildId: &place})
		if err != nil {
			return err
		}
		place = ""
		if len(up.Parents) > 0 {
			place = aws.ToString(up.Parents[0].Id)
		}
	}
	if some {
		slices.Reverse(levels)
		e.SCPs = levels
	}
	return nil
}
