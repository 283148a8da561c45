package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// RejectVpcPeeringConnection refuses a request.
func (s *Service) RejectVpcPeeringConnection(ctx context.Context, in *ec2.RejectVpcPeeringConnectionInput) (*ec2.RejectVpcPeeringConnectionOutput, error) {
	err := s.change(ctx, func(l look) error {
		p, err := peeringNoun.get(l, text(in.VpcPeeringConnectionId))
		if err != nil {
			return err
		}
		if p.Accepter.Account != l.sc.Account || p.Accepter.Region != l.sc.Region {
			return fault("OperationNotPermitted", "User %s cannot reject peering %s", l.sc.Account, p.ID)
		}
		return p.move(l, peeringRejected, "Rejected")
	})
	if err != nil {
		return nil, err
	}
	return &ec2.RejectVpcPeeringConnectionOutput{Return: new(true)}, nil
}

func (s *Service) rejectVpcPeeringConnectionChecks(ctx context.Context, in *ec2.RejectVpcPeeringConnectionInput) ([]api.Check, error) {
	return s.on(ctx, "RejectVpcPeeringConnection", thing{&peeringNoun, in.VpcPeeringConnectionId})
}
