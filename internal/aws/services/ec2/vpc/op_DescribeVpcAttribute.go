package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeVpcAttribute tells one attribute of a network.
func (s *Service) DescribeVpcAttribute(ctx context.Context, in *ec2.DescribeVpcAttributeInput) (*ec2.DescribeVpcAttributeOutput, error) {
	out := &ec2.DescribeVpcAttributeOutput{VpcId: in.VpcId}
	err := s.read(ctx, func(l look) error {
		v, err := vpcNoun.get(l, text(in.VpcId))
		if err != nil {
			return err
		}
		switch in.Attribute {
		case types.VpcAttributeNameEnableDnsSupport:
			out.EnableDnsSupport = &types.AttributeBooleanValue{Value: &v.DNSSupport}
		case types.VpcAttributeNameEnableDnsHostnames:
			out.EnableDnsHostnames = &types.AttributeBooleanValue{Value: &v.DNSHostnames}
		case types.VpcAttributeNameEnableNetworkAddressUsageMetrics:
			out.EnableNetworkAddressUsageMetrics = &types.AttributeBooleanValue{Value: &v.UsageMetrics}
		default:
			return badValue(string(in.Attribute), "attribute", "Unknown VPC attribute.")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) describeVpcAttributeChecks(ctx context.Context, in *ec2.DescribeVpcAttributeInput) ([]api.Check, error) {
	return s.on(ctx, "DescribeVpcAttribute", thing{&vpcNoun, in.VpcId})
}
