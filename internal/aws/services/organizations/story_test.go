package organizations_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/apitest"
)

// TestAnOrganization follows one from its making to its end.
func TestAnOrganization(t *testing.T) {
	p, ctx := apitest.Start(t, apitest.Options{}), t.Context()
	c := organizations.NewFromConfig(p.Config())
	me := p.Access().Account
	const none = "Your account is not a member of an organization."

	_, err := c.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	apitest.Refused(t, "no organization yet", err, "AWSOrganizationsNotInUseException", none)
	_, err = c.DeleteOrganization(ctx, &organizations.DeleteOrganizationInput{})
	apitest.Refused(t, "delete none", err, "AWSOrganizationsNotInUseException", none)
	_, err = c.ListAccounts(ctx, &organizations.ListAccountsInput{})
	apitest.Refused(t, "list none", err, "AWSOrganizationsNotInUseException", none)
	_, err = c.ListRoots(ctx, &organizations.ListRootsInput{})
	apitest.Refused(t, "roots of none", err, "AWSOrganizationsNotInUseException", none)
	_, err = c.ListCreateAccountStatus(ctx, &organizations.ListCreateAccountStatusInput{})
	apitest.Refused(t, "requests of none", err, "AWSOrganizationsNotInUseException", none)
	_, err = c.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &me})
	apitest.Refused(t, "account of none", err, "AWSOrganizationsNotInUseException", none)

	made, err := c.CreateOrganization(ctx, &organizations.CreateOrganizationInput{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.CreateOrganization(ctx, &organizations.CreateOrganizationInput{})
	apitest.Refused(t, "a second", err, "AlreadyInOrganizationException", "The AWS account is already a member of an organization.")
	o, err := c.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	if err != nil || *o.Organization.Id != *made.Organization.Id || *o.Organization.MasterAccountId != me || o.Organization.FeatureSet != types.OrganizationFeatureSetAll {
		t.Fatalf("got %+v, %v", o, err)
	}
	if want := "arn:aws:organizations::" + me + ":organization/" + *o.Organization.Id; *o.Organization.Arn != want {
		t.Errorf("want %s, got %s", want, *o.Organization.Arn)
	}
	roots, err := c.ListRoots(ctx, &organizations.ListRootsInput{})
	if err != nil || len(roots.Roots) != 1 || !strings.HasPrefix(*roots.Roots[0].Id, "r-") {
		t.Errorf("want one root, got %+v, %v", roots, err)
	}
	if _, err := c.DeleteOrganization(ctx, &organizations.DeleteOrganizationInput{}); err != nil {
		t.Errorf("delete: %v", err)
	}
	_, err = c.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	apitest.Refused(t, "deleted", err, "AWSOrganizationsNotInUseException", none)
}

func TestAccounts(t *testing.T) {
	p, ctx := apitest.Start(t, apitest.Options{}), t.Context()
	c := organizations.NewFromConfig(p.Config())
	create := func(name, email string) *types.CreateAccountStatus {
		t.Helper()
		out, err := c.CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: &name, Email: &email, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("red")}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := out.CreateAccountStatus; got.State != types.CreateAccountStateInProgress || got.AccountId != nil || got.CompletedTimestamp != nil {
			t.Errorf("want the account on its way, got %+v", got)
		}
		return p.Made(out.CreateAccountStatus.Id)
	}
	_, err := c.CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: aws.String("x"), Email: aws.String("x@example.com")})
	apitest.Refused(t, "without organization", err, "AWSOrganizationsNotInUseException", "")
	if _, err := c.CreateOrganization(ctx, &organizations.CreateOrganizationInput{}); err != nil {
		t.Fatal(err)
	}
	first, second := create("desktops", "desktops@example.com"), create("servers", "servers@example.com")
	if first.State != types.CreateAccountStateSucceeded || len(*first.AccountId) != 12 || first.FailureReason != "" {
		t.Fatalf("got %+v", first)
	}
	again := create("desktops", "Desktops@example.com")
	if again.State != types.CreateAccountStateFailed || again.FailureReason != types.CreateAccountFailureReasonEmailAlreadyExists || again.AccountId != nil {
		t.Errorf("an address twice: got %+v", again)
	}
	if odd := create("odd", "a@b..c"); odd.FailureReason != types.CreateAccountFailureReasonInvalidEmail || odd.CompletedTimestamp == nil {
		t.Errorf("an address that is none: got %+v", odd)
	}
	_, err = c.CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: aws.String("x"), Email: aws.String("x@example.com"), Tags: []types.Tag{{Key: aws.String("aws:x"), Value: aws.String("y")}}})
	apitest.Refused(t, "a system tag", err, "InvalidInputException", "system tags")

	status, err := c.DescribeCreateAccountStatus(ctx, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: first.Id})
	if err != nil || *status.CreateAccountStatus.AccountId != *first.AccountId {
		t.Errorf("got %+v, %v", status, err)
	}
	_, err = c.DescribeCreateAccountStatus(ctx, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: aws.String("car-00000000")})
	apitest.Refused(t, "an unknown request", err, "CreateAccountStatusNotFoundException", "doesn't exist")
	failed, err := c.ListCreateAccountStatus(ctx, &organizations.ListCreateAccountStatusInput{States: []types.CreateAccountState{types.CreateAccountStateFailed}})
	if err != nil || len(failed.CreateAccountStatuses) != 2 || !slices.ContainsFunc(failed.CreateAccountStatuses, func(s types.CreateAccountStatus) bool { return *s.Id == *again.Id }) {
		t.Errorf("want the two that failed, got %+v, %v", failed, err)
	}
	account, err := c.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: second.AccountId})
	if err != nil || *account.Account.Email != "servers@example.com" || account.Account.JoinedMethod != types.AccountJoinedMethodCreated {
		t.Errorf("got %+v, %v", account, err)
	}
	_, err = c.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: aws.String("999999999999")})
	apitest.Refused(t, "an unknown account", err, "AccountNotFoundException", "You specified an account that doesn't exist.")

	var listed []string
	pages := organizations.NewListAccountsPaginator(c, &organizations.ListAccountsInput{MaxResults: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page.Accounts {
			listed = append(listed, *a.Id)
		}
	}
	if len(listed) != 3 {
		t.Errorf("want three accounts over two pages, got %v", listed)
	}
	_, err = c.ListAccounts(ctx, &organizations.ListAccountsInput{NextToken: aws.String("x")})
	apitest.Refused(t, "a token of nobody", err, "InvalidInputException", "NextToken")
	_, err = c.DeleteOrganization(ctx, &organizations.DeleteOrganizationInput{})
	apitest.Refused(t, "delete with accounts", err, "OrganizationNotEmptyException", "")
	member(t, p, *first.AccountId)
}

// member goes into an account and finds that it may look, and nothing more.
func member(t *testing.T, p *apitest.Plane, account string) {
	t.Helper()
	out, err := sts.NewFromConfig(p.Config()).AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::" + account + ":role/OrganizationAccountAccessRole"), RoleSessionName: aws.String("visitor"),
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg := p.Config()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	c := organizations.NewFromConfig(cfg)
	o, err := c.DescribeOrganization(t.Context(), &organizations.DescribeOrganizationInput{})
	if err != nil || *o.Organization.MasterAccountId != p.Access().Account {
		t.Errorf("a member looks at its organization: got %+v, %v", o, err)
	}
	const no = "You don't have permissions to access this resource."
	_, err = c.ListAccounts(t.Context(), &organizations.ListAccountsInput{})
	apitest.Refused(t, "a member lists accounts", err, "AccessDeniedException", no)
	_, err = c.CreateAccount(t.Context(), &organizations.CreateAccountInput{AccountName: aws.String("x"), Email: aws.String("x@example.com")})
	apitest.Refused(t, "a member makes an account", err, "AccessDeniedException", no)
}
