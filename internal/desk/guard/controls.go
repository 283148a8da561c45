package guard

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/policy"
)

// Controls reads what stands above an account in its organization.
type Controls interface {
	DescribeOrganization(context.Context, *organizations.DescribeOrganizationInput, ...func(*organizations.Options)) (*organizations.DescribeOrganizationOutput, error)
	ListParents(context.Context, *organizations.ListParentsInput, ...func(*organizations.Options)) (*organizations.ListParentsOutput, error)
	ListPoliciesForTarget(context.Context, *organizations.ListPoliciesForTargetInput, ...func(*organizations.Options)) (*organizations.ListPoliciesForTargetOutput, error)
	DescribePolicy(context.Context, *organizations.DescribePolicyInput, ...func(*organizations.Options)) (*organizations.DescribePolicyOutput, error)
}

// readControls reads the service control policies and the resource control
// policies above the account, the root first. Of a type that is not enabled no
// level has any, and none hold.
func (e *Estate) readControls(ctx context.Context, org Controls) error {
	o, err := org.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	if err != nil {
		return err
	}
	e.Org = aws.ToString(o.Organization.Id)
	e.Manages = aws.ToString(o.Organization.MasterAccountId) == e.Account
	if e.Manages {
		return nil
	}
	places, err := above(ctx, org, e.Account)
	if err != nil {
		return err
	}
	if e.SCPs, err = controls(ctx, org, places, types.PolicyTypeServiceControlPolicy, policy.ParseSCP); err != nil {
		return err
	}
	e.RCPs, err = controls(ctx, org, places, types.PolicyTypeResourceControlPolicy, policy.ParseRCP)
	return err
}

// above are the places of the organization that stand above an account, the root
// first and the account itself last.
func above(ctx context.Context, org Controls, place string) (places []string, err error) {
	for place != "" {
		places = append(places, place)
		if strings.HasPrefix(place, "r-") {
			break
		}
		up, err := org.ListParents(ctx, &organizations.ListParentsInput{ChildId: &place})
		if err != nil {
			return nil, err
		}
		place = ""
		if len(up.Parents) > 0 {
			place = aws.ToString(up.Parents[0].Id)
		}
	}
	slices.Reverse(places)
	return places, nil
}

// allowsAll is the resource control policy that AWS attaches everywhere: it says
// nothing, and stands outside of the grammar of those that people write.
const allowsAll = "p-RCPFullAWSAccess"

// controls reads the policies of a type, one set a place; nil where there are
// none at all.
func controls(ctx context.Context, org Controls, places []string, kind types.PolicyType, parse func(string) (*policy.Document, error)) ([]*policy.Set, error) {
	var levels []*policy.Set
	some := false
	for _, place := range places {
		var list []policy.Policy
		err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
			out, err := org.ListPoliciesForTarget(ctx, &organizations.ListPoliciesForTargetInput{TargetId: &place, Filter: kind, NextToken: token})
			if err != nil {
				return nil, err
			}
			for _, p := range out.Policies {
				if aws.ToString(p.Id) == allowsAll {
					continue
				}
				text, err := org.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: p.Id})
				if err != nil {
					return nil, err
				}
				d, err := parse(aws.ToString(text.Policy.Content))
				if err != nil {
					d = policy.Unreadable("", fmt.Sprint("it cannot be read: ", err))
				}
				list = append(list, policy.Policy{Name: aws.ToString(p.Name), ARN: aws.ToString(p.Arn), Document: d})
			}
			return out.NextToken, nil
		})
		if err != nil {
			return nil, err
		}
		some = some || len(list) > 0
		levels = append(levels, policy.NewLevel(place, list...))
	}
	if !some {
		return nil, nil
	}
	return levels, nil
}
