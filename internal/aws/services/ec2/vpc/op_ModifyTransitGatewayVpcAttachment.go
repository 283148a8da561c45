package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// ModifyTransitGatewayVpcAttachment changes by which subnets a network is
// attached, and the options of that; what is not said stays.
func (s *Service) ModifyTransitGatewayVpcAttachment(ctx context.Context, in *ec2.ModifyTransitGatewayVpcAttachmentInput) (*ec2.ModifyTransitGatewayVpcAttachmentOutput, error) {
	var out types.TransitGatewayVpcAttachment
	err := s.change(ctx, func(l look) error {
		a, err := liveAttachment(l, text(in.TransitGatewayAttachmentId))
		if err != nil {
			return err
		}
		for _, id := range in.RemoveSubnetIds {
			if !slices.Contains(a.Subnets, id) {
				return subnetNoun.unknown(id)
			}
		}
		a.Subnets = slices.DeleteFunc(slices.Clone(a.Subnets), func(id string) bool { return slices.Contains(in.RemoveSubnetIds, id) })
		a.Subnets = append(a.Subnets, in.AddSubnetIds...)
		if len(a.Subnets) == 0 {
			return fault("InvalidParameterValue", "The attachment %s needs a subnet.", a.ID)
		}
		if err := a.stands(l); err != nil {
			return err
		}
		if err := a.supports(in.Options); err != nil {
			return err
		}
		out = a.describe(l)
		return transitAttachmentNoun.put(l, a)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.ModifyTransitGatewayVpcAttachmentOutput{TransitGatewayVpcAttachment: &out}, nil
}

func (s *Service) modifyTransitGatewayVpcAttachmentChecks(ctx context.Context, in *ec2.ModifyTransitGatewayVpcAttachmentInput) ([]api.Check, error) {
	things := []thing{{&transitAttachmentNoun, in.TransitGatewayAttachmentId}}
	for _, id := range slices.Concat(in.AddSubnetIds, in.RemoveSubnetIds) {
		things = append(things, thing{&subnetNoun, &id})
	}
	return s.on(ctx, "ModifyTransitGatewayVpcAttachment", things...)
}
