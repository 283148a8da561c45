package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// ReplaceNetworkAclEntry writes an entry of a list anew.
func (s *Service) ReplaceNetworkAclEntry(ctx context.Context, in *ec2.ReplaceNetworkAclEntryInput) (*ec2.ReplaceNetworkAclEntryOutput, error) {
	written := &ec2.CreateNetworkAclEntryInput{
		NetworkAclId: in.NetworkAclId, RuleNumber: in.RuleNumber, Egress: in.Egress, Protocol: in.Protocol, RuleAction: in.RuleAction,
		CidrBlock: in.CidrBlock, Ipv6CidrBlock: in.Ipv6CidrBlock, PortRange: in.PortRange, IcmpTypeCode: in.IcmpTypeCode,
	}
	err := s.enter(ctx, written, func(a *NetworkACL, e Entry) error {
		i := a.entry(e.Number, e.Egress)
		if i < 0 {
			return fault("InvalidNetworkAclEntry.NotFound", "Could not find the network Acl entry identified by rule number %d", e.Number)
		}
		a.Entries[i] = e
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.ReplaceNetworkAclEntryOutput{}, nil
}

func (s *Service) replaceNetworkAclEntryChecks(ctx context.Context, in *ec2.ReplaceNetworkAclEntryInput) ([]api.Check, error) {
	return s.on(ctx, "ReplaceNetworkAclEntry", thing{&aclNoun, in.NetworkAclId})
}
