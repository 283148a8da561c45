package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// ReplaceNetworkAclEntry writes an entry of a list anew.
func (s *Service) ReplaceNetworkAclEntry(ctx context.Context, in *ec2.ReplaceNetworkAclEntryInput) (*ec2.ReplaceNetworkAclEntryOutput, error) {
	e, err := entryOf(in.RuleNumber, in.Egress, in.Protocol, in.RuleAction, in.CidrBlock, in.Ipv6CidrBlock, in.PortRange, in.IcmpTypeCode)
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, func(l look) error {
		a, err := aclNoun.get(l, text(in.NetworkAclId))
		if err != nil {
			return err
		}
		i := a.entry(e.Number, e.Egress)
		if i < 0 {
			return fault("InvalidNetworkAclEntry.NotFound", "Could not find the network Acl entry identified by rule number %d", e.Number)
		}
		a.Entries[i] = e
		return aclNoun.put(l, a)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.ReplaceNetworkAclEntryOutput{}, nil
}

func (s *Service) replaceNetworkAclEntryChecks(ctx context.Context, in *ec2.ReplaceNetworkAclEntryInput) ([]api.Check, error) {
	return s.on(ctx, "ReplaceNetworkAclEntry", thing{&aclNoun, in.NetworkAclId})
}
