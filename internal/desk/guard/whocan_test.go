package guard

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"

	"tamachi/internal/desk/report"
)

// books is an account as IAM tells it, in two pages.
type books struct {
	pages []*iam.GetAccountAuthorizationDetailsOutput
}

func (b books) GetAccountAuthorizationDetails(_ context.Context, in *iam.GetAccountAuthorizationDetailsInput, _ ...func(*iam.Options)) (*iam.GetAccountAuthorizationDetailsOutput, error) {
	if in.Marker == nil {
		return b.pages[0], nil
	}
	return b.pages[1], nil
}

// tree is an organization of a root, a unit and an account.
type tree struct {
	attached map[string]string // target -> policy text; of an RCP "rcp " stands before
	err      error
}

func (o tree) DescribeOrganization(context.Context, *organizations.DescribeOrganizationInput, ...func(*organizations.Options)) (*organizations.DescribeOrganizationOutput, error) {
	return &organizations.DescribeOrganizationOutput{Organization: &types.Organization{Id: aws.String("o-1234567890"), MasterAccountId: aws.String("999900001111")}}, o.err
}

func (o tree) ListParents(_ context.Context, in *organizations.ListParentsInput, _ ...func(*organizations.Options)) (*organizations.ListParentsOutput, error) {
	up := map[string]string{"111122223333": "ou-1", "ou-1": "r-1"}[*in.ChildId]
	return &organizations.ListParentsOutput{Parents: []types.Parent{{Id: &up}}}, nil
}

func (o tree) ListPoliciesForTarget(_ context.Context, in *organizations.ListPoliciesForTargetInput, _ ...func(*organizations.Options)) (*organizations.ListPoliciesForTargetOutput, error) {
	out, id := &organizations.ListPoliciesForTargetOutput{}, *in.TargetId
	if in.Filter == types.PolicyTypeResourceControlPolicy {
		id = "rcp " + id
		out.Policies = []types.PolicySummary{{Id: aws.String("p-RCPFullAWSAccess"), Name: aws.String("RCPFullAWSAccess")}}
	}
	if o.attached[id] != "" {
		out.Policies = append(out.Policies, types.PolicySummary{Id: &id, Name: aws.String("of " + id)})
	}
	return out, nil
}

func (o tree) DescribePolicy(_ context.Context, in *organizations.DescribePolicyInput, _ ...func(*organizations.Options)) (*organizations.DescribePolicyOutput, error) {
	return &organizations.DescribePolicyOutput{Policy: &types.Policy{Content: aws.String(o.attached[*in.PolicyId])}}, nil
}

func encoded(statements string) *string {
	return aws.String(url.PathEscape(`{"Version":"2012-10-17","Statement":[` + statements + `]}`))
}

func ofTheAccount() books {
	user := func(name string, groups []string, statements string) iamtypes.UserDetail {
		return iamtypes.UserDetail{
			Arn: aws.String("arn:aws:iam::111122223333:user/" + name), UserId: aws.String("AIDA" + name), GroupList: groups,
			UserPolicyList: []iamtypes.PolicyDetail{{PolicyName: aws.String("own"), PolicyDocument: encoded(statements)}},
		}
	}
	all := `{"Effect":"Allow","Action":"ssm:*","Resource":"*"}`
	bounded := iamtypes.RoleDetail{
		Arn: aws.String("arn:aws:iam::111122223333:role/team/deploy"), RoleId: aws.String("AROADEPLOY"),
		AttachedManagedPolicies: []iamtypes.AttachedPolicy{{PolicyArn: aws.String("arn:aws:iam::aws:policy/All")}},
		PermissionsBoundary:     &iamtypes.AttachedPermissionsBoundary{PermissionsBoundaryArn: aws.String("arn:aws:iam::111122223333:policy/limit")},
	}
	policyOf := func(arn, statements string) iamtypes.ManagedPolicyDetail {
		return iamtypes.ManagedPolicyDetail{Arn: &arn, PolicyName: aws.String(arn[strings.LastIndex(arn, "/")+1:]), PolicyVersionList: []iamtypes.PolicyVersion{
			{Document: encoded(`{"Effect":"Deny","Action":"*","Resource":"*"}`)}, {IsDefaultVersion: true, Document: encoded(statements)},
		}}
	}
	return books{pages: []*iam.GetAccountAuthorizationDetailsOutput{
		{
			Marker: aws.String("more"),
			UserDetailList: []iamtypes.UserDetail{
				user("ann", nil, all), user("bob", []string{"barred"}, all),
				user("cho", nil, `{"Sid":"Office","Effect":"Allow","Action":"ssm:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}`),
				user("dan", nil, `{"Effect":"Allow","Action":"kms:*","Resource":"*"}`),
			},
			GroupDetailList: []iamtypes.GroupDetail{{
				GroupName:       aws.String("barred"),
				GroupPolicyList: []iamtypes.PolicyDetail{{PolicyName: aws.String("bars"), PolicyDocument: encoded(`{"Effect":"Deny","Action":"ssm:Put*","Resource":"*"}`)}},
			}},
		},
		{
			RoleDetailList: []iamtypes.RoleDetail{bounded},
			Policies: []iamtypes.ManagedPolicyDetail{
				policyOf("arn:aws:iam::aws:policy/All", `{"Effect":"Allow","Action":"*","Resource":"*"}`),
				policyOf("arn:aws:iam::111122223333:policy/limit", `{"Effect":"Allow","Action":"ssm:Get*","Resource":"*"}`),
			},
		},
	}}
}

func TestWhoCan(t *testing.T) {
	const arn = "arn:aws:iam::111122223333:"
	deny := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"Quiet","Effect":"Deny","Action":"ssm:Get*","Resource":"*"}]}`
	for name, row := range map[string]struct {
		org    tree
		action string
		want   []Ability
	}{
		"writing": {tree{err: &types.AWSOrganizationsNotInUseException{}}, "ssm:PutParameter", []Ability{
			{Principal: arn + "role/team/deploy", May: No},
			{Principal: arn + "user/ann", May: Yes, By: []string{"own: #1"}},
			{Principal: arn + "user/bob", May: No, By: []string{"bars: #1"}},
			{Principal: arn + "user/cho", May: Depends, By: []string{"own: Office"}, Asks: []string{"aws:SourceIp"}},
			{Principal: arn + "user/dan", May: No},
		}},
		"reading, within a boundary": {tree{err: &types.AWSOrganizationsNotInUseException{}}, "ssm:GetParameter", []Ability{
			{Principal: arn + "role/team/deploy", May: Yes, By: []string{"All: #1", "limit: #1"}},
			{Principal: arn + "user/ann", May: Yes, By: []string{"own: #1"}},
			{Principal: arn + "user/bob", May: Yes, By: []string{"own: #1"}},
			{Principal: arn + "user/cho", May: Depends, By: []string{"own: Office"}, Asks: []string{"aws:SourceIp"}},
			{Principal: arn + "user/dan", May: No},
		}},
		"reading, below a unit that denies": {tree{attached: map[string]string{"r-1": everything, "ou-1": deny, "111122223333": everything}}, "ssm:GetParameter", []Ability{
			{Principal: arn + "role/team/deploy", May: No, By: []string{"of ou-1: Quiet"}},
			{Principal: arn + "user/ann", May: No, By: []string{"of ou-1: Quiet"}},
			{Principal: arn + "user/bob", May: No, By: []string{"of ou-1: Quiet"}},
			{Principal: arn + "user/cho", May: No, By: []string{"of ou-1: Quiet", "own: Office"}, Asks: []string{"aws:SourceIp"}},
			{Principal: arn + "user/dan", May: No, By: []string{"of ou-1: Quiet"}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := readEstate(t.Context(), "111122223333", ofTheAccount(), row.org)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, e.WhoCan(row.action, "*")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnOrganizationThatMayNotBeReadIsSaid(t *testing.T) {
	e, err := readEstate(t.Context(), "111122223333", ofTheAccount(), tree{err: errors.New("AccessDenied")})
	if err != nil || e.Unread == nil {
		t.Fatalf("want the reason kept, got %v and %v", err, e.Unread)
	}
	for _, l := range []report.Lang{report.English, report.Japanese} {
		var out bytes.Buffer
		if err := writeAbilities(&out, l, e.WhoCan("ssm:PutParameter", "*"), e); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "AccessDenied") {
			t.Errorf("%s: the reason is not said:\n%s", l, out.String())
		}
	}
}
