package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeDhcpOptions lists sets of DHCP options in the order of their ids.
func (s *Service) DescribeDhcpOptions(ctx context.Context, in *ec2.DescribeDhcpOptionsInput) (*ec2.DescribeDhcpOptionsOutput, error) {
	q := query{"DescribeDhcpOptions", in.DhcpOptionsIds, in.Filters, in.NextToken, in.MaxResults}
	shown, next, err := list(ctx, s, &dhcpNoun, q, func(l look, o *DHCPOptions) (types.DhcpOptions, error) { return o.describe(l), nil })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeDhcpOptionsOutput{DhcpOptions: shown, NextToken: next}, nil
}

func (s *Service) describeDhcpOptionsChecks(context.Context, *ec2.DescribeDhcpOptionsInput) ([]api.Check, error) {
	return describing("DescribeDhcpOptions"), nil
}
