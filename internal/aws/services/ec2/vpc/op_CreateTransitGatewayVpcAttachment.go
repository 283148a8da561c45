package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateTransitGatewayVpcAttachment attaches a network to a transit gateway, by one subnet in each zone.
func (s *Service) CreateTransitGatewayVpcAttachment(ctx context.Context, in *ec2.CreateTransitGatewayVpcAttachmentInput) (*ec2.CreateTransitGatewayVpcAttachmentOutput, error) {
	if len(in.SubnetIds) == 0 {
		return nil, fault("MissingParameter", "The request must contain the parameter subnetIds")
	}
	tags, err := specified(in.TagSpecifications, &transitAttachmentNoun)
	if err != nil {
		return nil, err
	}
	var out types.TransitGatewayVpcAttachment
	err = s.change(ctx, func(l look) error {
		g, err := liveTransit(l, text(in.TransitGatewayId))
		if err != nil {
			return err
		}
		v, err := vpcNoun.get(l, text(in.VpcId))
		if err != nil {
			return err
		}
		if there, err := attached(l, g.ID, v.ID); err != nil || there != nil {
			if err != nil {
				return err
			}
			return fault("DuplicateTransitGatewayAttachment", "%s has non-deleted Transit Gateway Attachments with same VPC ID.", g.ID)
		}
		a := &TransitAttachment{Head: Head{transitAttachmentNoun.newID(s), tags}, Transit: g.ID, VPC: v.ID, Subnets: in.SubnetIds, CreatedAt: l.now}
		if err := a.supports((*types.ModifyTransitGatewayVpcAttachmentRequestOptions)(in.Options)); err != nil {
			return err
		}
		if err := a.stands(l); err != nil {
			return err
		}
		out = a.describe(l)
		if err := transitAttachmentNoun.put(l, a); err != nil {
			return err
		}
		return a.settle(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateTransitGatewayVpcAttachmentOutput{TransitGatewayVpcAttachment: &out}, nil
}

func (s *Service) createTransitGatewayVpcAttachmentChecks(ctx context.Context, in *ec2.CreateTransitGatewayVpcAttachmentInput) ([]api.Check, error) {
	return s.making(ctx, "CreateTransitGatewayVpcAttachment", &transitAttachmentNoun, in.TagSpecifications, thing{&transitGatewayNoun, in.TransitGatewayId}, thing{&vpcNoun, in.VpcId})
}

// settle gives a new attachment what its transit gateway gives to each: the
// default route tables.
func (a *TransitAttachment) settle(l look, g *TransitGateway) error {
	if g.Associates {
		err := changeTransitTable(l, g.Table, func(t *TransitTable) { t.Associations = append(t.Associations, a.ID) })
		if err != nil {
			return err
		}
	}
	if !g.Propagates {
		return nil
	}
	return changeTransitTable(l, g.into(), func(t *TransitTable) { t.Propagations = append(t.Propagations, a.ID) })
}

// changeTransitTable changes a table, if that is still there.
func changeTransitTable(l look, id string, change func(t *TransitTable)) error {
	t, err := liveTable(l, id)
	if err != nil {
		return unlessModelled(err)
	}
	change(t)
	return transitTableNoun.put(l, t)
}

// stands refuses subnets that are not of the network, or two in one zone.
func (a *TransitAttachment) stands(l look) error {
	zones := map[string]bool{}
	for _, id := range a.Subnets {
		n, err := subnetNoun.get(l, id)
		if err != nil {
			return err
		}
		if n.VPC != a.VPC {
			return fault("InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist in %s", id, a.VPC)
		}
		if zones[n.Zone] {
			return fault("DuplicateSubnetsInSameZone", "Duplicate Subnets for same AZ")
		}
		zones[n.Zone] = true
	}
	return nil
}
