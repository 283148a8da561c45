package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteNatGateway deletes a NAT gateway; it stays listed as deleted for an hour.
func (s *Service) DeleteNatGateway(ctx context.Context, in *ec2.DeleteNatGatewayInput) (*ec2.DeleteNatGatewayOutput, error) {
	err := s.change(ctx, func(l look) error {
		g, err := natNoun.get(l, text(in.NatGatewayId))
		if err != nil {
			return err
		}
		if !g.DeletedAt.IsZero() {
			return natNoun.unknown(g.ID)
		}
		g.DeletedAt = l.now
		if err := natNoun.put(l, g); err != nil {
			return err
		}
		n, err := subnetNoun.get(l, g.Subnet)
		if err != nil {
			return unlessModelled(err)
		}
		return n.gives(l, g.Address)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteNatGatewayOutput{NatGatewayId: in.NatGatewayId}, nil
}

func (s *Service) deleteNatGatewayChecks(ctx context.Context, in *ec2.DeleteNatGatewayInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteNatGateway", thing{&natNoun, in.NatGatewayId})
}
