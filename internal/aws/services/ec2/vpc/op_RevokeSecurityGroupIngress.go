package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// RevokeSecurityGroupIngress takes permissions back, named by their ids or by what they permit.
func (s *Service) RevokeSecurityGroupIngress(ctx context.Context, in *ec2.RevokeSecurityGroupIngressInput) (*ec2.RevokeSecurityGroupIngressOutput, error) {
	asked := plain(in.IpPermissions, in.IpProtocol, in.CidrIp, in.FromPort, in.ToPort)
	out, err := s.withdraw(ctx, withdrawal{in.GroupId, in.GroupName, in.SecurityGroupRuleIds, asked, in.SourceSecurityGroupName, in.SourceSecurityGroupOwnerId, false})
	if err != nil {
		return nil, err
	}
	return &ec2.RevokeSecurityGroupIngressOutput{Return: new(true), RevokedSecurityGroupRules: out}, nil
}

func (s *Service) revokeSecurityGroupIngressChecks(ctx context.Context, in *ec2.RevokeSecurityGroupIngressInput) ([]api.Check, error) {
	return s.on(ctx, "RevokeSecurityGroupIngress", thing{&groupNoun, in.GroupId})
}
