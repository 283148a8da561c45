package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// GetSecurityGroupsForVpc lists the security groups that interfaces of a network
// can have: those of the network, for none is shared with others here.
func (s *Service) GetSecurityGroupsForVpc(ctx context.Context, in *ec2.GetSecurityGroupsForVpcInput) (*ec2.GetSecurityGroupsForVpcOutput, error) {
	id := text(in.VpcId)
	err := s.read(ctx, func(l look) error {
		_, err := vpcNoun.get(l, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	q := query{operation: "GetSecurityGroupsForVpc", filters: append([]types.Filter{{Name: new("primary-vpc-id"), Values: []string{id}}}, in.Filters...), token: in.NextToken, most: in.MaxResults}
	shown, next, err := list(ctx, s, &groupNoun, q, func(l look, g *SecurityGroup) (types.SecurityGroupForVpc, error) {
		return types.SecurityGroupForVpc{GroupId: &g.ID, GroupName: &g.Name, Description: &g.Description, OwnerId: &l.sc.Account, PrimaryVpcId: &g.VPC, Tags: tagList(g.Tags)}, nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.GetSecurityGroupsForVpcOutput{SecurityGroupForVpcs: shown, NextToken: next}, nil
}

func (s *Service) getSecurityGroupsForVpcChecks(ctx context.Context, in *ec2.GetSecurityGroupsForVpcInput) ([]api.Check, error) {
	return s.on(ctx, "GetSecurityGroupsForVpc", thing{&vpcNoun, in.VpcId})
}
