package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteNetworkAcl deletes a list that no subnet is behind.
func (s *Service) DeleteNetworkAcl(ctx context.Context, in *ec2.DeleteNetworkAclInput) (*ec2.DeleteNetworkAclOutput, error) {
	err := s.change(ctx, func(l look) error {
		a, err := aclNoun.get(l, text(in.NetworkAclId))
		if err != nil {
			return err
		}
		if a.Default {
			return fault("InvalidParameterValue", "Cannot delete default network ACL %s", a.ID)
		}
		if len(a.Subnets) > 0 {
			return fault("DependencyViolation", "The networkAcl '%s' has dependencies and cannot be deleted.", a.ID)
		}
		return aclNoun.remove(l, a)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteNetworkAclOutput{}, nil
}

func (s *Service) deleteNetworkAclChecks(ctx context.Context, in *ec2.DeleteNetworkAclInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteNetworkAcl", thing{&aclNoun, in.NetworkAclId})
}
