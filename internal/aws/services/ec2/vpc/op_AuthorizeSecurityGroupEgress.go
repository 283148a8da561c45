package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// AuthorizeSecurityGroupEgress permits peers to be reached by machines of a group.
func (s *Service) AuthorizeSecurityGroupEgress(ctx context.Context, in *ec2.AuthorizeSecurityGroupEgressInput) (*ec2.AuthorizeSecurityGroupEgressOutput, error) {
	if in.SourceSecurityGroupName != nil || in.SourceSecurityGroupOwnerId != nil {
		return nil, fault("InvalidParameterCombination", "The parameter sourceSecurityGroupName cannot be used with a VPC; use ipPermissions.")
	}
	tags, err := specified(in.TagSpecifications, rules{})
	if err != nil {
		return nil, err
	}
	var out []types.SecurityGroupRule
	err = s.change(ctx, func(l look) error {
		g, err := groupBy(l, in.GroupId, nil)
		if err != nil {
			return err
		}
		added, err := rulesOf(l, plain(in.IpPermissions, in.IpProtocol, in.CidrIp, in.FromPort, in.ToPort), true)
		if err != nil {
			return err
		}
		out, err = s.authorize(l, g, added, tags)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ec2.AuthorizeSecurityGroupEgressOutput{Return: new(true), SecurityGroupRules: out}, nil
}

func (s *Service) authorizeSecurityGroupEgressChecks(ctx context.Context, in *ec2.AuthorizeSecurityGroupEgressInput) ([]api.Check, error) {
	return s.making(ctx, "AuthorizeSecurityGroupEgress", rules{}, in.TagSpecifications, thing{&groupNoun, in.GroupId})
}
