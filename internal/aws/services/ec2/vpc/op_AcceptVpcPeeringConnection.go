package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// AcceptVpcPeeringConnection joins the networks of a request.
func (s *Service) AcceptVpcPeeringConnection(ctx context.Context, in *ec2.AcceptVpcPeeringConnectionInput) (*ec2.AcceptVpcPeeringConnectionOutput, error) {
	var out types.VpcPeeringConnection
	err := s.change(ctx, func(l look) error {
		p, err := peeringNoun.get(l, text(in.VpcPeeringConnectionId))
		if err != nil {
			return err
		}
		if p.Accepter.Account != l.sc.Account || p.Accepter.Region != l.sc.Region {
			return fault("OperationNotPermitted", "User %s cannot accept peering %s", l.sc.Account, p.ID)
		}
		if err := p.move(l, peeringActive, "Active"); err != nil {
			return err
		}
		out, err = p.describe(l)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ec2.AcceptVpcPeeringConnectionOutput{VpcPeeringConnection: &out}, nil
}

func (s *Service) acceptVpcPeeringConnectionChecks(ctx context.Context, in *ec2.AcceptVpcPeeringConnectionInput) ([]api.Check, error) {
	return s.on(ctx, "AcceptVpcPeeringConnection", thing{&peeringNoun, in.VpcPeeringConnectionId})
}
