package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// RevokeSecurityGroupEgress takes permissions back, named by their ids or by what they permit.
func (s *Service) RevokeSecurityGroupEgress(ctx context.Context, in *ec2.RevokeSecurityGroupEgressInput) (*ec2.RevokeSecurityGroupEgressOutput, error) {
	asked := plain(in.IpPermissions, in.IpProtocol, in.CidrIp, in.FromPort, in.ToPort)
	out, err := s.withdraw(ctx, withdrawal{in.GroupId, nil, in.SecurityGroupRuleIds, asked, in.SourceSecurityGroupName, in.SourceSecurityGroupOwnerId, true})
	if err != nil {
		return nil, err
	}
	return &ec2.RevokeSecurityGroupEgressOutput{Return: new(true), RevokedSecurityGroupRules: out}, nil
}

func (s *Service) revokeSecurityGroupEgressChecks(ctx context.Context, in *ec2.RevokeSecurityGroupEgressInput) ([]api.Check, error) {
	return s.on(ctx, "RevokeSecurityGroupEgress", thing{&groupNoun, in.GroupId})
}
