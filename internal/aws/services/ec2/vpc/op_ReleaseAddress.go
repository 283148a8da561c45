package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// ReleaseAddress gives an Elastic IP address back that nothing has.
func (s *Service) ReleaseAddress(ctx context.Context, in *ec2.ReleaseAddressInput) (*ec2.ReleaseAddressOutput, error) {
	if in.PublicIp != nil {
		return nil, fault("InvalidParameterValue", "You must specify an allocation id when releasing a VPC elastic IP address")
	}
	if in.AllocationId == nil {
		return nil, fault("MissingParameter", "You must specify an allocation id when releasing a VPC elastic IP address")
	}
	err := s.change(ctx, func(l look) error {
		a, err := addressNoun.get(l, text(in.AllocationId))
		if err != nil {
			return err
		}
		if in.NetworkBorderGroup != nil && *in.NetworkBorderGroup != l.sc.Region {
			return fault("InvalidAddress.NotFound", "The address '%s' does not belong to the network border group '%s'.", a.Public, *in.NetworkBorderGroup)
		}
		g, err := a.holder(l)
		if err != nil {
			return err
		}
		if g != nil {
			return fault("InvalidIPAddress.InUse", "Address %s is in use.", a.Public)
		}
		return addressNoun.remove(l, a)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.ReleaseAddressOutput{}, nil
}

func (s *Service) releaseAddressChecks(ctx context.Context, in *ec2.ReleaseAddressInput) ([]api.Check, error) {
	return s.on(ctx, "ReleaseAddress", thing{&addressNoun, in.AllocationId})
}
