package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DeleteTransitGateway deletes a transit gateway to which nothing is attached, with its route tables.
func (s *Service) DeleteTransitGateway(ctx context.Context, in *ec2.DeleteTransitGatewayInput) (*ec2.DeleteTransitGatewayOutput, error) {
	var out types.TransitGateway
	err := s.change(ctx, func(l look) error {
		g, err := liveTransit(l, text(in.TransitGatewayId))
		if err != nil {
			return err
		}
		all, err := transitAttachmentNoun.all(l)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.Transit == g.ID && a.DeletedAt.IsZero() {
				return fault("IncorrectState", "%s has non-deleted VPC Attachments: %s.", g.ID, a.ID)
			}
		}
		tables, err := tablesOf(l, g.ID)
		if err != nil {
			return err
		}
		for _, t := range tables {
			t.DeletedAt = l.now
			if err := transitTableNoun.put(l, t); err != nil {
				return err
			}
		}
		g.DeletedAt = l.now
		out = g.describe(l)
		return transitGatewayNoun.put(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteTransitGatewayOutput{TransitGateway: &out}, nil
}

func (s *Service) deleteTransitGatewayChecks(ctx context.Context, in *ec2.DeleteTransitGatewayInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteTransitGateway", thing{&transitGatewayNoun, in.TransitGatewayId})
}
