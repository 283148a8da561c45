package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteVpc deletes a network in which nothing is left but what it was made
// with.
func (s *Service) DeleteVpc(ctx context.Context, in *ec2.DeleteVpcInput) (*ec2.DeleteVpcOutput, error) {
	err := s.change(ctx, func(l look) error {
		v, err := vpcNoun.get(l, text(in.VpcId))
		if err != nil {
			return err
		}
		if err := s.empty(l, v); err != nil {
			return err
		}
		return vpcNoun.remove(l, v)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteVpcOutput{}, nil
}

func (s *Service) deleteVpcChecks(ctx context.Context, in *ec2.DeleteVpcInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteVpc", thing{&vpcNoun, in.VpcId})
}

// empty removes what a network was made with, and refuses one that has more.
func (s *Service) empty(l look, v *VPC) error {
	busy := fault("DependencyViolation", "The vpc '%s' has dependencies and cannot be deleted.", v.ID)
	tables, err := routeTableNoun.in(l, v.ID)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if !t.main() || len(t.Associations) > 1 {
			return busy
		}
		if err := routeTableNoun.remove(l, t); err != nil {
			return err
		}
	}
	lists, err := aclNoun.in(l, v.ID)
	if err != nil {
		return err
	}
	for _, a := range lists {
		if !a.Default {
			return busy
		}
		if err := aclNoun.remove(l, a); err != nil {
			return err
		}
	}
	groups, err := groupNoun.in(l, v.ID)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if g.Name != "default" {
			return busy
		}
		if err := groupNoun.remove(l, g); err != nil {
			return err
		}
	}
	used, err := s.occupied(l, v)
	if used {
		return busy
	}
	return err
}

// occupied tells whether subnets or gateways keep a network from going.
func (s *Service) occupied(l look, v *VPC) (bool, error) {
	inside, err := subnetNoun.in(l, v.ID)
	if err != nil || len(inside) > 0 {
		return true, err
	}
	gateways, err := internetGatewayNoun.in(l, v.ID)
	if err != nil || len(gateways) > 0 {
		return true, err
	}
	private, err := vpnGatewayNoun.in(l, v.ID)
	if err != nil || len(private) > 0 {
		return true, err
	}
	there, err := transitAttachmentNoun.in(l, v.ID)
	if err != nil || slices.ContainsFunc(there, func(a *TransitAttachment) bool { return a.DeletedAt.IsZero() }) {
		return true, err
	}
	joined, err := peeringNoun.all(l)
	return slices.ContainsFunc(joined, func(p *Peering) bool { return p.state(l.now) == peeringActive && p.joins(l, v.ID) }), err
}
