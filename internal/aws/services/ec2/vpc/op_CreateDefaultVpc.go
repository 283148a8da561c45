package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateDefaultVpc makes the default VPC anew after it was deleted.
func (s *Service) CreateDefaultVpc(ctx context.Context, _ *ec2.CreateDefaultVpcInput) (*ec2.CreateDefaultVpcOutput, error) {
	var out types.Vpc
	err := s.change(ctx, func(l look) error {
		there, err := defaultVPC(l)
		if err != nil {
			return err
		}
		if there != nil {
			return fault("DefaultVpcAlreadyExists", "A Default VPC already exists for this account in this region.")
		}
		v, err := s.foundDefault(l)
		if err != nil {
			return err
		}
		out = v.describe(l)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateDefaultVpcOutput{Vpc: &out}, nil
}

func (s *Service) createDefaultVpcChecks(context.Context, *ec2.CreateDefaultVpcInput) ([]api.Check, error) {
	return describing("CreateDefaultVpc"), nil
}
