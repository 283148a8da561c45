package organizations_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/apitest"
)

// company is an organization with two accounts.
type company struct {
	t             *testing.T
	plane         *apitest.Plane
	c             *organizations.Client
	root          string
	first, second string
}

func newCompany(t *testing.T) *company {
	t.Helper()
	p := apitest.Start(t, apitest.Options{})
	k := &company{t: t, plane: p, c: organizations.NewFromConfig(p.Config())}
	_, err := k.c.CreateOrganization(k.t.Context(), &organizations.CreateOrganizationInput{})
	k.must("create the organization", err)
	roots, err := k.c.ListRoots(k.t.Context(), &organizations.ListRootsInput{})
	k.must("list its roots", err)
	k.root = *roots.Roots[0].Id
	for i, to := range []*string{&k.first, &k.second} {
		*to = p.Account("account", string(rune('a'+i))+"@example.com")
	}
	return k
}

func (k *company) must(what string, err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatalf("%s: %v", what, err)
	}
}

// within is a client with the rights of a member account's administrator.
func (k *company) within(account string) *organizations.Client {
	k.t.Helper()
	out, err := sts.NewFromConfig(k.plane.Config()).AssumeRole(k.t.Context(), &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::" + account + ":role/OrganizationAccountAccessRole"), RoleSessionName: aws.String("in"),
	})
	k.must("go into an account", err)
	cfg := k.plane.Config()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	return organizations.NewFromConfig(cfg)
}

func (k *company) unit(parent, name string) string {
	k.t.Helper()
	out, err := k.c.CreateOrganizationalUnit(k.t.Context(), &organizations.CreateOrganizationalUnitInput{ParentId: &parent, Name: &name})
	k.must("create a unit", err)
	return *out.OrganizationalUnit.Id
}

func TestUnits(t *testing.T) {
	k := newCompany(t)
	c, ctx := k.c, k.t.Context()
	desktops := k.unit(k.root, "desktops")
	osaka := k.unit(desktops, "osaka")
	_, err := c.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{ParentId: &k.root, Name: aws.String("desktops")})
	apitest.Refused(t, "a name twice", err, "DuplicateOrganizationalUnitException", "An OU with the same name already exists.")
	_, err = c.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{ParentId: aws.String("r-none"), Name: aws.String("x")})
	apitest.Refused(t, "below nothing", err, "ParentNotFoundException", "")

	deep := osaka
	for range 3 {
		deep = k.unit(deep, "deeper")
	}
	_, err = c.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{ParentId: &deep, Name: aws.String("sixth")})
	apitest.Refused(t, "a sixth level", err, "ConstraintViolationException", "depth")

	renamed, err := c.UpdateOrganizationalUnit(ctx, &organizations.UpdateOrganizationalUnitInput{OrganizationalUnitId: &osaka, Name: aws.String("kobe")})
	k.must("rename", err)
	shown, err := c.DescribeOrganizationalUnit(ctx, &organizations.DescribeOrganizationalUnitInput{OrganizationalUnitId: &osaka})
	k.must("describe", err)
	if *renamed.OrganizationalUnit.Name != "kobe" || *shown.OrganizationalUnit.Name != "kobe" {
		t.Errorf("want kobe, got %s and %s", *renamed.OrganizationalUnit.Name, *shown.OrganizationalUnit.Name)
	}
	none := aws.String("ou-none-12345678")
	_, err = c.UpdateOrganizationalUnit(ctx, &organizations.UpdateOrganizationalUnitInput{OrganizationalUnitId: none, Name: aws.String("x")})
	apitest.Refused(t, "rename none", err, "OrganizationalUnitNotFoundException", "")
	_, err = c.DescribeOrganizationalUnit(ctx, &organizations.DescribeOrganizationalUnitInput{OrganizationalUnitId: none})
	apitest.Refused(t, "describe none", err, "OrganizationalUnitNotFoundException", "")
	listed, err := c.ListOrganizationalUnitsForParent(ctx, &organizations.ListOrganizationalUnitsForParentInput{ParentId: &desktops})
	if err != nil || len(listed.OrganizationalUnits) != 1 || *listed.OrganizationalUnits[0].Id != osaka {
		t.Errorf("units below: got %+v, %v", listed, err)
	}
	_, err = c.ListOrganizationalUnitsForParent(ctx, &organizations.ListOrganizationalUnitsForParentInput{ParentId: none})
	apitest.Refused(t, "units below none", err, "ParentNotFoundException", "")

	_, err = c.DeleteOrganizationalUnit(ctx, &organizations.DeleteOrganizationalUnitInput{OrganizationalUnitId: &desktops})
	apitest.Refused(t, "delete one that holds units", err, "OrganizationalUnitNotEmptyException", "")
	_, err = c.DeleteOrganizationalUnit(ctx, &organizations.DeleteOrganizationalUnitInput{OrganizationalUnitId: &deep})
	k.must("delete", err)
	_, err = c.DescribeOrganizationalUnit(ctx, &organizations.DescribeOrganizationalUnitInput{OrganizationalUnitId: &deep})
	apitest.Refused(t, "describe the deleted", err, "OrganizationalUnitNotFoundException", "")
}

func TestAccountsMove(t *testing.T) {
	k := newCompany(t)
	c, ctx := k.c, k.t.Context()
	unit := k.unit(k.root, "desktops")
	move := func(account, from, to string) error {
		_, err := c.MoveAccount(ctx, &organizations.MoveAccountInput{AccountId: &account, SourceParentId: &from, DestinationParentId: &to})
		return err
	}
	k.must("move", move(k.first, k.root, unit))
	apitest.Refused(t, "from where it is not", move(k.first, k.root, unit), "SourceParentNotFoundException", "")
	apitest.Refused(t, "to where it is", move(k.first, unit, unit), "DuplicateAccountException", "")
	apitest.Refused(t, "to nowhere", move(k.first, unit, "ou-none-12345678"), "DestinationParentNotFoundException", "")
	apitest.Refused(t, "nobody", move("999999999999", unit, k.root), "AccountNotFoundException", "")

	parents, err := c.ListParents(ctx, &organizations.ListParentsInput{ChildId: &k.first})
	if err != nil || *parents.Parents[0].Id != unit || parents.Parents[0].Type != types.ParentTypeOrganizationalUnit {
		t.Errorf("parents: got %+v, %v", parents, err)
	}
	_, err = c.ListParents(ctx, &organizations.ListParentsInput{ChildId: aws.String("999999999999")})
	apitest.Refused(t, "parents of nobody", err, "ChildNotFoundException", "")
	accounts, err := c.ListAccountsForParent(ctx, &organizations.ListAccountsForParentInput{ParentId: &unit})
	if err != nil || len(accounts.Accounts) != 1 || *accounts.Accounts[0].Id != k.first {
		t.Errorf("accounts: got %+v, %v", accounts, err)
	}
	_, err = c.ListAccountsForParent(ctx, &organizations.ListAccountsForParentInput{ParentId: aws.String("r-none")})
	apitest.Refused(t, "accounts below none", err, "ParentNotFoundException", "")
	children, err := c.ListChildren(ctx, &organizations.ListChildrenInput{ParentId: &k.root, ChildType: types.ChildTypeOrganizationalUnit})
	if err != nil || len(children.Children) != 1 || *children.Children[0].Id != unit {
		t.Errorf("children: got %+v, %v", children, err)
	}
	_, err = c.ListChildren(ctx, &organizations.ListChildrenInput{ParentId: aws.String("r-none"), ChildType: types.ChildTypeAccount})
	apitest.Refused(t, "children of none", err, "ParentNotFoundException", "")

	shut := func(account string) error {
		_, err := c.CloseAccount(ctx, &organizations.CloseAccountInput{AccountId: &account})
		return err
	}
	inside := k.within(k.second)
	_, err = inside.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	k.must("a member reads its organization", err)
	k.must("close", shut(k.second))
	apitest.Refused(t, "close twice", shut(k.second), "AccountAlreadyClosedException", "")
	closed, err := c.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &k.second})
	if err != nil || closed.Account.State != types.AccountStateSuspended {
		t.Errorf("closed: got %+v, %v", closed, err)
	}
	_, err = inside.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	apitest.Refused(t, "credentials of a closed account", err, "UnrecognizedClientException", "")
}

func TestInvitations(t *testing.T) {
	k := newCompany(t)
	c, ctx := k.c, k.t.Context()
	member := k.within(k.first)
	_, err := member.ListAccounts(ctx, &organizations.ListAccountsInput{})
	apitest.Refused(t, "a member lists", err, "AccessDeniedException", "You don't have permissions to access this resource.")
	_, err = member.LeaveOrganization(ctx, &organizations.LeaveOrganizationInput{})
	k.must("leave", err)
	_, err = c.LeaveOrganization(ctx, &organizations.LeaveOrganizationInput{})
	apitest.Refused(t, "the management account leaves", err, "MasterCannotLeaveOrganizationException", "")
	_, err = c.RemoveAccountFromOrganization(ctx, &organizations.RemoveAccountFromOrganizationInput{AccountId: &k.first})
	apitest.Refused(t, "remove one that left", err, "AccountNotFoundException", "")

	invite := func(account string) (string, error) {
		out, err := c.InviteAccountToOrganization(ctx, &organizations.InviteAccountToOrganizationInput{
			Target: &types.HandshakeParty{Id: &account, Type: types.HandshakePartyTypeAccount}, Notes: aws.String("come back"),
		})
		if err != nil {
			return "", err
		}
		return *out.Handshake.Id, nil
	}
	_, err = invite(k.second)
	apitest.Refused(t, "invite a member", err, "HandshakeConstraintViolationException", "already a member")
	id, err := invite(k.first)
	k.must("invite", err)
	_, err = invite(k.first)
	apitest.Refused(t, "invite twice", err, "DuplicateHandshakeException", "")
	_, err = member.DeclineHandshake(ctx, &organizations.DeclineHandshakeInput{HandshakeId: &id})
	k.must("decline", err)
	_, err = member.DeclineHandshake(ctx, &organizations.DeclineHandshakeInput{HandshakeId: &id})
	apitest.Refused(t, "decline twice", err, "HandshakeAlreadyInStateException", "")
	_, err = c.CancelHandshake(ctx, &organizations.CancelHandshakeInput{HandshakeId: &id})
	apitest.Refused(t, "cancel what was declined", err, "InvalidHandshakeTransitionException", "")
	id, err = invite(k.first)
	k.must("invite again", err)
	_, err = c.CancelHandshake(ctx, &organizations.CancelHandshakeInput{HandshakeId: &id})
	k.must("cancel", err)
	id, err = invite(k.first)
	k.must("invite a third time", err)
	_, err = member.AcceptHandshake(ctx, &organizations.AcceptHandshakeInput{HandshakeId: aws.String("h-00000000")})
	apitest.Refused(t, "accept none", err, "HandshakeNotFoundException", "")
	accepted, err := member.AcceptHandshake(ctx, &organizations.AcceptHandshakeInput{HandshakeId: &id})
	k.must("accept", err)
	if accepted.Handshake.State != types.HandshakeStateAccepted {
		t.Errorf("want ACCEPTED, got %s", accepted.Handshake.State)
	}
	described, err := c.DescribeHandshake(ctx, &organizations.DescribeHandshakeInput{HandshakeId: &id})
	if err != nil || described.Handshake.State != types.HandshakeStateAccepted {
		t.Errorf("describe: got %+v, %v", described, err)
	}
	_, err = c.DescribeHandshake(ctx, &organizations.DescribeHandshakeInput{HandshakeId: aws.String("h-00000000")})
	apitest.Refused(t, "describe none", err, "HandshakeNotFoundException", "")
	mine, err := member.ListHandshakesForAccount(ctx, &organizations.ListHandshakesForAccountInput{})
	ours, err2 := c.ListHandshakesForOrganization(ctx, &organizations.ListHandshakesForOrganizationInput{})
	if err != nil || err2 != nil || len(mine.Handshakes) != 3 || len(ours.Handshakes) != 3 {
		t.Errorf("want three on both sides, got %+v, %v and %+v, %v", mine, err, ours, err2)
	}
	_, err = member.ListHandshakesForAccount(ctx, &organizations.ListHandshakesForAccountInput{NextToken: aws.String("x")})
	apitest.Refused(t, "a token of nobody", err, "InvalidInputException", "NextToken")
	_, err = member.ListHandshakesForOrganization(ctx, &organizations.ListHandshakesForOrganizationInput{})
	apitest.Refused(t, "a member lists the organization's", err, "AccessDeniedException", "")
	_, err = c.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &k.first})
	k.must("the guest is a member", err)
	_, err = c.RemoveAccountFromOrganization(ctx, &organizations.RemoveAccountFromOrganizationInput{AccountId: &k.first})
	k.must("remove", err)
	accounts, err := c.ListAccounts(ctx, &organizations.ListAccountsInput{})
	if err != nil || len(accounts.Accounts) != 2 {
		t.Errorf("removed: want two accounts, got %+v, %v", accounts, err)
	}
	_, err = c.DescribeHandshake(ctx, &organizations.DescribeHandshakeInput{HandshakeId: &id})
	k.must("the invitation can still be read", err)
}
