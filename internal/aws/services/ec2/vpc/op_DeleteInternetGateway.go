package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteInternetGateway deletes an internet gateway that is attached to no network.
func (s *Service) DeleteInternetGateway(ctx context.Context, in *ec2.DeleteInternetGatewayInput) (*ec2.DeleteInternetGatewayOutput, error) {
	err := s.change(ctx, func(l look) error {
		g, err := internetGatewayNoun.get(l, text(in.InternetGatewayId))
		if err != nil {
			return err
		}
		if g.VPC != "" {
			return fault("DependencyViolation", "The internetGateway '%s' has dependencies and cannot be deleted.", g.ID)
		}
		return internetGatewayNoun.remove(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteInternetGatewayOutput{}, nil
}

func (s *Service) deleteInternetGatewayChecks(ctx context.Context, in *ec2.DeleteInternetGatewayInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteInternetGateway", thing{&internetGatewayNoun, in.InternetGatewayId})
}
