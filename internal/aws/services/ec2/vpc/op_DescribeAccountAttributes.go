package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeAccountAttributes tells that the account has VPCs only, and which is
// its default one. Limits of machines and addresses are those of new accounts
// on AWS.
func (s *Service) DescribeAccountAttributes(ctx context.Context, in *ec2.DescribeAccountAttributesInput) (*ec2.DescribeAccountAttributesOutput, error) {
	standard := "none"
	err := s.read(ctx, func(l look) error {
		v, err := defaultVPC(l)
		if v != nil {
			standard = v.ID
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &ec2.DescribeAccountAttributesOutput{AccountAttributes: []types.AccountAttribute{}}
	for _, a := range [][2]string{
		{"supported-platforms", "VPC"},
		{"default-vpc", standard},
		{"vpc-max-security-groups-per-interface", "5"},
		{"vpc-max-elastic-ips", "5"},
		{"max-elastic-ips", "5"},
	} {
		if len(in.AttributeNames) > 0 && !slices.Contains(in.AttributeNames, types.AccountAttributeName(a[0])) {
			continue
		}
		out.AccountAttributes = append(out.AccountAttributes, types.AccountAttribute{
			AttributeName: new(a[0]), AttributeValues: []types.AccountAttributeValue{{AttributeValue: new(a[1])}},
		})
	}
	return out, nil
}

func (s *Service) describeAccountAttributesChecks(context.Context, *ec2.DescribeAccountAttributesInput) ([]api.Check, error) {
	return describing("DescribeAccountAttributes"), nil
}
