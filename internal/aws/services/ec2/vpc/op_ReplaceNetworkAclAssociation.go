package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// ReplaceNetworkAclAssociation puts a subnet behind another list of its network.
func (s *Service) ReplaceNetworkAclAssociation(ctx context.Context, in *ec2.ReplaceNetworkAclAssociationInput) (*ec2.ReplaceNetworkAclAssociationOutput, error) {
	var out string
	err := s.change(ctx, func(l look) error {
		from, i, err := listWith(l, text(in.AssociationId))
		if err != nil {
			return err
		}
		to, err := aclNoun.get(l, text(in.NetworkAclId))
		if err != nil {
			return err
		}
		if to.VPC != from.VPC {
			return fault("InvalidParameterValue", "networkAcl %s and association %s belong to different networks", to.ID, *in.AssociationId)
		}
		out = "aclassoc-" + s.ids.Hex(17)
		moved := Guard{out, from.Subnets[i].Subnet}
		if to.ID == from.ID {
			to.Subnets[i] = moved
			return aclNoun.put(l, to)
		}
		from.Subnets = slices.Delete(from.Subnets, i, i+1)
		if err := aclNoun.put(l, from); err != nil {
			return err
		}
		to.Subnets = append(to.Subnets, moved)
		return aclNoun.put(l, to)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.ReplaceNetworkAclAssociationOutput{NewAssociationId: &out}, nil
}

func (s *Service) replaceNetworkAclAssociationChecks(ctx context.Context, in *ec2.ReplaceNetworkAclAssociationInput) ([]api.Check, error) {
	return s.on(ctx, "ReplaceNetworkAclAssociation", thing{&aclNoun, in.NetworkAclId})
}
