package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteNetworkAclEntry takes an entry out of a list.
func (s *Service) DeleteNetworkAclEntry(ctx context.Context, in *ec2.DeleteNetworkAclEntryInput) (*ec2.DeleteNetworkAclEntryOutput, error) {
	err := s.change(ctx, func(l look) error {
		a, err := aclNoun.get(l, text(in.NetworkAclId))
		if err != nil {
			return err
		}
		i := -1
		if in.RuleNumber != nil && *in.RuleNumber != lastEntry {
			i = a.entry(*in.RuleNumber, yes(in.Egress))
		}
		if i < 0 {
			return fault("InvalidNetworkAclEntry.NotFound", "Could not find the network Acl entry identified by rule number %d", deref(in.RuleNumber))
		}
		a.Entries = slices.Delete(a.Entries, i, i+1)
		return aclNoun.put(l, a)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteNetworkAclEntryOutput{}, nil
}

func (s *Service) deleteNetworkAclEntryChecks(ctx context.Context, in *ec2.DeleteNetworkAclEntryInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteNetworkAclEntry", thing{&aclNoun, in.NetworkAclId})
}

func deref(n *int32) int32 {
	if n == nil {
		return 0
	}
	return *n
}
