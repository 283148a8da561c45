package organizations_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/apitest"
)

// bills is an organization that shares bills only, with a guest that it invited,
// and an account that it made.
func bills(t *testing.T) *company {
	t.Helper()
	p := apitest.Start(t, apitest.Options{})
	k := &company{t: t, plane: p, c: organizations.NewFromConfig(p.Config())}
	ctx := t.Context()
	_, err := k.c.CreateOrganization(ctx, &organizations.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetConsolidatedBilling})
	k.must("create", err)
	k.first, k.second = p.Account("guest", "guest@example.com"), p.Account("own", "own@example.com")
	guest := k.within(k.first)
	_, err = guest.LeaveOrganization(ctx, &organizations.LeaveOrganizationInput{})
	k.must("leave", err)
	sent, err := k.c.InviteAccountToOrganization(ctx, &organizations.InviteAccountToOrganizationInput{Target: &types.HandshakeParty{Id: &k.first, Type: types.HandshakePartyTypeAccount}})
	k.must("invite", err)
	_, err = guest.AcceptHandshake(ctx, &organizations.AcceptHandshakeInput{HandshakeId: sent.Handshake.Id})
	k.must("join", err)
	return k
}

func (k *company) enableAll() *types.Handshake {
	k.t.Helper()
	out, err := k.c.EnableAllFeatures(k.t.Context(), &organizations.EnableAllFeaturesInput{})
	k.must("enable all features", err)
	return out.Handshake
}

func (k *company) state(id *string) types.HandshakeState {
	k.t.Helper()
	out, err := k.c.DescribeHandshake(k.t.Context(), &organizations.DescribeHandshakeInput{HandshakeId: id})
	k.must("describe", err)
	return out.Handshake.State
}

func TestAllFeaturesAreEnabledWhenAllAgree(t *testing.T) {
	k := bills(t)
	c, ctx := k.c, t.Context()
	h := k.enableAll()
	if h.Action != types.ActionTypeEnableAllFeatures || h.State != types.HandshakeStateRequested || len(h.Parties) != 1 || len(h.Resources) != 1 {
		t.Errorf("got %+v", h)
	}
	_, err := c.EnableAllFeatures(ctx, &organizations.EnableAllFeaturesInput{})
	apitest.Refused(t, "twice", err, "HandshakeConstraintViolationException", "already started")
	_, err = c.AcceptHandshake(ctx, &organizations.AcceptHandshakeInput{HandshakeId: h.Id})
	apitest.Refused(t, "accept before the guest agreed", err, "InvalidHandshakeTransitionException", "")
	_, err = c.InviteAccountToOrganization(ctx, &organizations.InviteAccountToOrganizationInput{Target: &types.HandshakeParty{Id: aws.String("111122223333"), Type: types.HandshakePartyTypeAccount}})
	apitest.Refused(t, "invite meanwhile", err, "HandshakeConstraintViolationException", "in the process of enabling all features")

	guest := k.within(k.first)
	sent, err := guest.ListHandshakesForAccount(ctx, &organizations.ListHandshakesForAccountInput{Filter: &types.HandshakeFilter{ActionType: types.ActionTypeEnableAllFeatures}})
	if err != nil || len(sent.Handshakes) != 1 {
		t.Fatalf("want the guest asked, got %+v, %v", sent, err)
	}
	parts, err := c.ListHandshakesForOrganization(ctx, &organizations.ListHandshakesForOrganizationInput{Filter: &types.HandshakeFilter{ParentHandshakeId: h.Id}})
	if err != nil || len(parts.Handshakes) != 1 || *parts.Handshakes[0].Id != *sent.Handshakes[0].Id {
		t.Errorf("the parts: got %+v, %v", parts, err)
	}
	_, err = guest.EnableAllFeatures(ctx, &organizations.EnableAllFeaturesInput{})
	apitest.Refused(t, "by a member", err, "AccessDeniedException", "")
	_, err = guest.AcceptHandshake(ctx, &organizations.AcceptHandshakeInput{HandshakeId: sent.Handshakes[0].Id})
	k.must("agree", err)
	if got := k.state(h.Id); got != types.HandshakeStateOpen {
		t.Errorf("all agreed: want OPEN, got %s", got)
	}
	done, err := c.AcceptHandshake(ctx, &organizations.AcceptHandshakeInput{HandshakeId: h.Id})
	if err != nil || done.Handshake.State != types.HandshakeStateAccepted {
		t.Fatalf("finish: got %+v, %v", done, err)
	}
	o, err := c.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	if err != nil || o.Organization.FeatureSet != types.OrganizationFeatureSetAll {
		t.Errorf("want all features, got %+v, %v", o, err)
	}
	_, err = c.EnableAllFeatures(ctx, &organizations.EnableAllFeaturesInput{})
	apitest.Refused(t, "once more", err, "HandshakeConstraintViolationException", "already enabled all features")
}

func TestAllFeaturesWaitForNobodyWhoLeft(t *testing.T) {
	k := bills(t)
	ctx := t.Context()
	h := k.enableAll()
	guest := k.within(k.first)
	_, err := k.c.CancelHandshake(ctx, &organizations.CancelHandshakeInput{HandshakeId: h.Id})
	k.must("cancel", err)
	sent, err := guest.ListHandshakesForAccount(ctx, &organizations.ListHandshakesForAccountInput{Filter: &types.HandshakeFilter{ActionType: types.ActionTypeEnableAllFeatures}})
	if err != nil || len(sent.Handshakes) != 1 || sent.Handshakes[0].State != types.HandshakeStateCanceled {
		t.Errorf("the guest is asked no more: got %+v, %v", sent, err)
	}
	h = k.enableAll()
	_, err = guest.LeaveOrganization(ctx, &organizations.LeaveOrganizationInput{})
	k.must("leave", err)
	if got := k.state(h.Id); got != types.HandshakeStateOpen {
		t.Errorf("the only guest left: want OPEN, got %s", got)
	}
}
