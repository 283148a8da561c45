package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// AuthorizeSecurityGroupIngress permits peers to reach machines of a group.
func (s *Service) AuthorizeSecurityGroupIngress(ctx context.Context, in *ec2.AuthorizeSecurityGroupIngressInput) (*ec2.AuthorizeSecurityGroupIngressOutput, error) {
	if in.SourceSecurityGroupName != nil || in.SourceSecurityGroupOwnerId != nil {
		return nil, noSource()
	}
	asked := plain(in.IpPermissions, in.IpProtocol, in.CidrIp, in.FromPort, in.ToPort)
	out, err := s.permit(ctx, in.GroupId, in.GroupName, asked, false, in.TagSpecifications)
	if err != nil {
		return nil, err
	}
	return &ec2.AuthorizeSecurityGroupIngressOutput{Return: new(true), SecurityGroupRules: out}, nil
}

func (s *Service) authorizeSecurityGroupIngressChecks(ctx context.Context, in *ec2.AuthorizeSecurityGroupIngressInput) ([]api.Check, error) {
	return s.making(ctx, "AuthorizeSecurityGroupIngress", rules{}, in.TagSpecifications, thing{&groupNoun, in.GroupId})
}
