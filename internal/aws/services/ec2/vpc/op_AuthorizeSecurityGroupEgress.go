package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// AuthorizeSecurityGroupEgress permits peers to be reached by machines of a group.
func (s *Service) AuthorizeSecurityGroupEgress(ctx context.Context, in *ec2.AuthorizeSecurityGroupEgressInput) (*ec2.AuthorizeSecurityGroupEgressOutput, error) {
	if in.SourceSecurityGroupName != nil || in.SourceSecurityGroupOwnerId != nil {
		return nil, noSource()
	}
	asked := plain(in.IpPermissions, in.IpProtocol, in.CidrIp, in.FromPort, in.ToPort)
	out, err := s.permit(ctx, in.GroupId, nil, asked, true, in.TagSpecifications)
	if err != nil {
		return nil, err
	}
	return &ec2.AuthorizeSecurityGroupEgressOutput{Return: new(true), SecurityGroupRules: out}, nil
}

func (s *Service) authorizeSecurityGroupEgressChecks(ctx context.Context, in *ec2.AuthorizeSecurityGroupEgressInput) ([]api.Check, error) {
	return s.making(ctx, "AuthorizeSecurityGroupEgress", rules{}, in.TagSpecifications, thing{&groupNoun, in.GroupId})
}
