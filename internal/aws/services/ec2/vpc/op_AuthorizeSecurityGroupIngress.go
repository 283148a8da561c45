package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// AuthorizeSecurityGroupIngress permits peers to reach machines of a group.
func (s *Service) AuthorizeSecurityGroupIngress(ctx context.Context, in *ec2.AuthorizeSecurityGroupIngressInput) (*ec2.AuthorizeSecurityGroupIngressOutput, error) {
	if in.SourceSecurityGroupName != nil || in.SourceSecurityGroupOwnerId != nil {
		return nil, fault("InvalidParameterCombination", "The parameter sourceSecurityGroupName cannot be used with a VPC; use ipPermissions.")
	}
	tags, err := specified(in.TagSpecifications, rules{})
	if err != nil {
		return nil, err
	}
	var out []types.SecurityGroupRule
	err = s.change(ctx, func(l look) error {
		g, err := groupBy(l, in.GroupId, in.GroupName)
		if err != nil {
			return err
		}
		added, err := rulesOf(l, plain(in.IpPermissions, in.IpProtocol, in.CidrIp, in.FromPort, in.ToPort), false)
		if err != nil {
			return err
		}
		out, err = s.authorize(l, g, added, tags)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ec2.AuthorizeSecurityGroupIngressOutput{Return: new(true), SecurityGroupRules: out}, nil
}

func (s *Service) authorizeSecurityGroupIngressChecks(ctx context.Context, in *ec2.AuthorizeSecurityGroupIngressInput) ([]api.Check, error) {
	return s.making(ctx, "AuthorizeSecurityGroupIngress", rules{}, in.TagSpecifications, thing{&groupNoun, in.GroupId})
}
