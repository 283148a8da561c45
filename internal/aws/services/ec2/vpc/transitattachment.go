package vpc

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/store"
)

// TransitAttachment attaches a network to a transit gateway.
type TransitAttachment struct {
	Head
	Transit, VPC string
	Subnets      []string
	CreatedAt    time.Time // in UTC
	DeletedAt    time.Time `json:",omitzero"`
	// What it is said to support, as of its transit gateway.
	NoDNS        bool `json:",omitempty"`
	NoReferences bool `json:",omitempty"`
	Appliance    bool `json:",omitempty"`
}

var transitAttachments = store.Table[TransitAttachment]{
	Name: "ec2.transitattachments", Reach: store.Regional, Key: func(a *TransitAttachment) string { return a.ID },
	Indexes: map[string]func(*TransitAttachment) string{"vpc": func(a *TransitAttachment) string { return a.VPC }},
}

var transitAttachmentNoun = noun[TransitAttachment]{
	table: &transitAttachments, prefix: "tgw-attach", arn: "transit-gateway-attachment", code: "InvalidTransitGatewayAttachmentID.",
	text: "Transit Gateway Attachment %s was deleted or does not exist.",
	head: func(a *TransitAttachment) *Head { return &a.Head }, vpc: func(a *TransitAttachment) string { return a.VPC }, facts: transitAttachmentFacts,
	gone: func(a *TransitAttachment, now time.Time) bool { return past(a.DeletedAt, now) },
}

func transitAttachmentFacts(l look, a *TransitAttachment, filter string) ([]string, bool, error) {
	switch filter {
	case "transit-gateway-attachment-id":
		return []string{a.ID}, true, nil
	case "transit-gateway-id":
		return []string{a.Transit}, true, nil
	case "vpc-id", "resource-id":
		return []string{a.VPC}, true, nil
	case "resource-type":
		return []string{string(types.TransitGatewayAttachmentResourceTypeVpc)}, true, nil
	case "resource-owner-id", "transit-gateway-owner-id":
		return []string{l.sc.Account}, true, nil
	case "state":
		return []string{transitState(a.DeletedAt)}, true, nil
	case "association.state", "association.transit-gateway-route-table-id":
		t, err := associated(l, a)
		if err != nil || t == nil {
			return nil, true, err
		}
		if filter == "association.state" {
			return []string{string(types.TransitGatewayAssociationStateAssociated)}, true, nil
		}
		return []string{t.ID}, true, nil
	}
	return nil, false, nil
}

func (a *TransitAttachment) describe(l look) types.TransitGatewayVpcAttachment {
	return types.TransitGatewayVpcAttachment{
		TransitGatewayAttachmentId: &a.ID, TransitGatewayId: &a.Transit, VpcId: &a.VPC, VpcOwnerId: &l.sc.Account, SubnetIds: a.Subnets, CreationTime: &a.CreatedAt,
		State: types.TransitGatewayAttachmentState(transitState(a.DeletedAt)), Tags: tagList(a.Tags),
		Options: &types.TransitGatewayVpcAttachmentOptions{
			ApplianceModeSupport: types.ApplianceModeSupportValue(able(a.Appliance)), DnsSupport: types.DnsSupportValue(able(!a.NoDNS)), Ipv6Support: types.Ipv6SupportValueDisable,
			SecurityGroupReferencingSupport: types.SecurityGroupReferencingSupportValue(able(!a.NoReferences)),
		},
	}
}

// supports writes down what the attachment is to support; what is not said stays.
func (a *TransitAttachment) supports(o *types.ModifyTransitGatewayVpcAttachmentRequestOptions) error {
	if o == nil {
		return nil
	}
	if o.Ipv6Support == types.Ipv6SupportValueEnable {
		return fault("UnsupportedOperation", "IPv6 addresses are not supported.")
	}
	if o.DnsSupport != "" {
		a.NoDNS = o.DnsSupport == types.DnsSupportValueDisable
	}
	if o.SecurityGroupReferencingSupport != "" {
		a.NoReferences = o.SecurityGroupReferencingSupport == types.SecurityGroupReferencingSupportValueDisable
	}
	if o.ApplianceModeSupport != "" {
		a.Appliance = o.ApplianceModeSupport == types.ApplianceModeSupportValueEnable
	}
	return nil
}

// describeAny shows the attachment beside those of other kinds.
func (a *TransitAttachment) describeAny(l look) (types.TransitGatewayAttachment, error) {
	out := types.TransitGatewayAttachment{
		TransitGatewayAttachmentId: &a.ID, TransitGatewayId: &a.Transit, TransitGatewayOwnerId: &l.sc.Account, ResourceId: &a.VPC, ResourceOwnerId: &l.sc.Account,
		ResourceType: types.TransitGatewayAttachmentResourceTypeVpc, CreationTime: &a.CreatedAt, State: types.TransitGatewayAttachmentState(transitState(a.DeletedAt)), Tags: tagList(a.Tags),
	}
	t, err := associated(l, a)
	if t != nil {
		out.Association = &types.TransitGatewayAttachmentAssociation{State: types.TransitGatewayAssociationStateAssociated, TransitGatewayRouteTableId: &t.ID}
	}
	return out, err
}

// liveAttachment finds an attachment that was not deleted.
func liveAttachment(l look, id string) (*TransitAttachment, error) {
	a, err := transitAttachmentNoun.get(l, id)
	if err == nil && !a.DeletedAt.IsZero() {
		err = transitAttachmentNoun.unknown(id)
	}
	return a, err
}

// attached finds the attachment of a network to a transit gateway; nil is none.
func attached(l look, transit, vpc string) (*TransitAttachment, error) {
	all, err := transitAttachmentNoun.in(l, vpc)
	i := slices.IndexFunc(all, func(a *TransitAttachment) bool { return a.Transit == transit && a.DeletedAt.IsZero() })
	if err != nil || i < 0 {
		return nil, err
	}
	return all[i], nil
}
