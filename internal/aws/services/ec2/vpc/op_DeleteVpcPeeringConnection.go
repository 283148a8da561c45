package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteVpcPeeringConnection parts two networks. Either side may.
func (s *Service) DeleteVpcPeeringConnection(ctx context.Context, in *ec2.DeleteVpcPeeringConnectionInput) (*ec2.DeleteVpcPeeringConnectionOutput, error) {
	err := s.change(ctx, func(l look) error {
		p, err := peeringNoun.get(l, text(in.VpcPeeringConnectionId))
		if err != nil {
			return err
		}
		return p.move(l, peeringDeleted, "Deleted")
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteVpcPeeringConnectionOutput{Return: new(true)}, nil
}

func (s *Service) deleteVpcPeeringConnectionChecks(ctx context.Context, in *ec2.DeleteVpcPeeringConnectionInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteVpcPeeringConnection", thing{&peeringNoun, in.VpcPeeringConnectionId})
}
