package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// AttachInternetGateway attaches an internet gateway to a network that has none.
func (s *Service) AttachInternetGateway(ctx context.Context, in *ec2.AttachInternetGatewayInput) (*ec2.AttachInternetGatewayOutput, error) {
	err := s.change(ctx, func(l look) error {
		g, err := internetGatewayNoun.get(l, text(in.InternetGatewayId))
		if err != nil {
			return err
		}
		v, err := vpcNoun.get(l, text(in.VpcId))
		if err != nil {
			return err
		}
		if g.VPC != "" {
			return fault("Resource.AlreadyAssociated", "resource %s is already attached to network %s", g.ID, g.VPC)
		}
		there, err := internetGatewayNoun.in(l, v.ID)
		if err != nil {
			return err
		}
		if len(there) > 0 {
			return fault("InvalidParameterValue", "Network %s already has an internet gateway attached", v.ID)
		}
		g.VPC = v.ID
		return internetGatewayNoun.put(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.AttachInternetGatewayOutput{}, nil
}

func (s *Service) attachInternetGatewayChecks(ctx context.Context, in *ec2.AttachInternetGatewayInput) ([]api.Check, error) {
	return s.on(ctx, "AttachInternetGateway", thing{&internetGatewayNoun, in.InternetGatewayId}, thing{&vpcNoun, in.VpcId})
}
