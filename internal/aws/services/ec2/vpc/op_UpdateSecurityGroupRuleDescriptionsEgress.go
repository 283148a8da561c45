package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// UpdateSecurityGroupRuleDescriptionsEgress describes outward rules of a group anew.
func (s *Service) UpdateSecurityGroupRuleDescriptionsEgress(ctx context.Context, in *ec2.UpdateSecurityGroupRuleDescriptionsEgressInput) (*ec2.UpdateSecurityGroupRuleDescriptionsEgressOutput, error) {
	if err := s.redescribe(ctx, described{in.GroupId, in.GroupName, in.IpPermissions, in.SecurityGroupRuleDescriptions, true}); err != nil {
		return nil, err
	}
	return &ec2.UpdateSecurityGroupRuleDescriptionsEgressOutput{Return: new(true)}, nil
}

func (s *Service) updateSecurityGroupRuleDescriptionsEgressChecks(ctx context.Context, in *ec2.UpdateSecurityGroupRuleDescriptionsEgressInput) ([]api.Check, error) {
	return s.on(ctx, "UpdateSecurityGroupRuleDescriptionsEgress", thing{&groupNoun, in.GroupId})
}
