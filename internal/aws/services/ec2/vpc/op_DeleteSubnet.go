package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteSubnet deletes a subnet that nothing is in.
func (s *Service) DeleteSubnet(ctx context.Context, in *ec2.DeleteSubnetInput) (*ec2.DeleteSubnetOutput, error) {
	err := s.change(ctx, func(l look) error {
		n, err := subnetNoun.get(l, text(in.SubnetId))
		if err != nil {
			return err
		}
		busy, err := s.busy(l, n)
		if err != nil {
			return err
		}
		if busy {
			return fault("DependencyViolation", "The subnet '%s' has dependencies and cannot be deleted.", n.ID)
		}
		if err := release(l, n); err != nil {
			return err
		}
		return subnetNoun.remove(l, n)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteSubnetOutput{}, nil
}

func (s *Service) deleteSubnetChecks(ctx context.Context, in *ec2.DeleteSubnetInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteSubnet", thing{&subnetNoun, in.SubnetId})
}

// busy tells whether something is in a subnet.
func (s *Service) busy(l look, n *Subnet) (bool, error) {
	used, err := n.used(l)
	if err != nil || len(used) > 0 {
		return true, err
	}
	joined, err := transitAttachmentNoun.in(l, n.VPC)
	if err != nil || slices.ContainsFunc(joined, func(a *TransitAttachment) bool { return a.DeletedAt.IsZero() && slices.Contains(a.Subnets, n.ID) }) {
		return true, err
	}
	return s.tenants.Houses(l.tx, l.sc, n.ID)
}

// release takes a subnet out of its route table and its network ACL.
func release(l look, n *Subnet) error {
	tables, err := routeTableNoun.in(l, n.VPC)
	if err != nil {
		return err
	}
	for _, t := range tables {
		kept := slices.DeleteFunc(slices.Clone(t.Associations), func(a Association) bool { return a.Subnet == n.ID })
		if len(kept) < len(t.Associations) {
			t.Associations = kept
			if err := routeTableNoun.put(l, t); err != nil {
				return err
			}
		}
	}
	lists, err := aclNoun.in(l, n.VPC)
	if err != nil {
		return err
	}
	for _, a := range lists {
		kept := slices.DeleteFunc(slices.Clone(a.Subnets), func(g Guard) bool { return g.Subnet == n.ID })
		if len(kept) < len(a.Subnets) {
			a.Subnets = kept
			if err := aclNoun.put(l, a); err != nil {
				return err
			}
		}
	}
	return nil
}
