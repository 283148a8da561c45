package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// ModifyVpcAttribute changes one attribute of a network.
func (s *Service) ModifyVpcAttribute(ctx context.Context, in *ec2.ModifyVpcAttributeInput) (*ec2.ModifyVpcAttributeOutput, error) {
	count := 0
	for _, a := range []bool{in.EnableDnsHostnames != nil, in.EnableDnsSupport != nil, in.EnableNetworkAddressUsageMetrics != nil} {
		if a {
			count++
		}
	}
	switch {
	case count == 0:
		return nil, fault("MissingParameter", "The request must contain the parameter enableDnsSupport or enableDnsHostnames or enableNetworkAddressUsageMetrics")
	case count > 1:
		return nil, fault("InvalidParameterCombination", "Fields for multiple attribute types specified: enableDnsHostnames, enableDnsSupport")
	}
	err := s.change(ctx, func(l look) error {
		v, err := vpcNoun.get(l, text(in.VpcId))
		if err != nil {
			return err
		}
		if a := in.EnableDnsHostnames; a != nil {
			v.DNSHostnames = yes(a.Value)
		}
		if a := in.EnableDnsSupport; a != nil {
			v.DNSSupport = yes(a.Value)
		}
		if a := in.EnableNetworkAddressUsageMetrics; a != nil {
			v.UsageMetrics = yes(a.Value)
		}
		return vpcNoun.put(l, v)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.ModifyVpcAttributeOutput{}, nil
}

func (s *Service) modifyVpcAttributeChecks(ctx context.Context, in *ec2.ModifyVpcAttributeInput) ([]api.Check, error) {
	return s.on(ctx, "ModifyVpcAttribute", thing{&vpcNoun, in.VpcId})
}
