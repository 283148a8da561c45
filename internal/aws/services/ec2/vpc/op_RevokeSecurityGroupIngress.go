package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// RevokeSecurityGroupIngress takes permissions back, named by their ids or by what they permit.
func (s *Service) RevokeSecurityGroupIngress(ctx context.Context, in *ec2.RevokeSecurityGroupIngressInput) (*ec2.RevokeSecurityGroupIngressOutput, error) {
	var out []types.RevokedSecurityGroupRule
	err := s.change(ctx, func(l look) error {
		g, err := groupBy(l, in.GroupId, in.GroupName)
		if err != nil {
			return err
		}
		if ids := in.SecurityGroupRuleIds; len(ids) > 0 {
			out, err = revoke(l, g, false, func(r Rule) int { return slices.Index(ids, r.ID) }, len(ids))
			return err
		}
		gone, err := rulesOf(l, plain(in.IpPermissions, in.IpProtocol, in.CidrIp, in.FromPort, in.ToPort), false)
		if err != nil {
			return err
		}
		out, err = revoke(l, g, false, func(r Rule) int { return slices.IndexFunc(gone, r.same) }, len(gone))
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ec2.RevokeSecurityGroupIngressOutput{Return: new(true), RevokedSecurityGroupRules: out}, nil
}

func (s *Service) revokeSecurityGroupIngressChecks(ctx context.Context, in *ec2.RevokeSecurityGroupIngressInput) ([]api.Check, error) {
	return s.on(ctx, "RevokeSecurityGroupIngress", thing{&groupNoun, in.GroupId})
}
