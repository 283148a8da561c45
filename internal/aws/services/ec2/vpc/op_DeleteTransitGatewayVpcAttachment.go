package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DeleteTransitGatewayVpcAttachment takes a network from a transit gateway, and from its route tables.
func (s *Service) DeleteTransitGatewayVpcAttachment(ctx context.Context, in *ec2.DeleteTransitGatewayVpcAttachmentInput) (*ec2.DeleteTransitGatewayVpcAttachmentOutput, error) {
	var out types.TransitGatewayVpcAttachment
	err := s.change(ctx, func(l look) error {
		a, err := liveAttachment(l, text(in.TransitGatewayAttachmentId))
		if err != nil {
			return err
		}
		tables, err := tablesOf(l, a.Transit)
		if err != nil {
			return err
		}
		own := func(id string) bool { return id == a.ID }
		for _, t := range tables {
			t.Associations, t.Propagations = slices.DeleteFunc(t.Associations, own), slices.DeleteFunc(t.Propagations, own)
			if err := transitTableNoun.put(l, t); err != nil {
				return err
			}
		}
		a.DeletedAt = l.now
		out = a.describe(l)
		return transitAttachmentNoun.put(l, a)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteTransitGatewayVpcAttachmentOutput{TransitGatewayVpcAttachment: &out}, nil
}

func (s *Service) deleteTransitGatewayVpcAttachmentChecks(ctx context.Context, in *ec2.DeleteTransitGatewayVpcAttachmentInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteTransitGatewayVpcAttachment", thing{&transitAttachmentNoun, in.TransitGatewayAttachmentId})
}
