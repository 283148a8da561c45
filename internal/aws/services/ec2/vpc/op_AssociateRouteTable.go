package vpc

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// AssociateRouteTable gives a route table to a subnet.
func (s *Service) AssociateRouteTable(ctx context.Context, in *ec2.AssociateRouteTableInput) (*ec2.AssociateRouteTableOutput, error) {
	if in.GatewayId != nil || in.PublicIpv4Pool != nil {
		return nil, fault("UnsupportedOperation", "Route tables are associated with subnets only.")
	}
	if in.SubnetId == nil {
		return nil, fault("MissingParameter", "The request must contain the parameter subnetId")
	}
	var out string
	err := s.change(ctx, func(l look) error {
		return s.changeTable(l, in.RouteTableId, func(t *RouteTable) error {
			n, err := subnetNoun.get(l, text(in.SubnetId))
			if err != nil {
				return err
			}
			if n.VPC != t.VPC {
				return fault("InvalidParameterValue", "Route table %s and subnet %s belong to different networks", t.ID, n.ID)
			}
			if there, err := tableOf(l, n); err != nil || there != nil {
				return cmp.Or(err, fault("Resource.AlreadyAssociated", "the specified association for route table %s conflicts with an existing association", t.ID))
			}
			out = "rtbassoc-" + s.ids.Hex(17)
			t.Associations = append(t.Associations, Association{ID: out, Subnet: n.ID})
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return &ec2.AssociateRouteTableOutput{
		AssociationId: &out, AssociationState: &types.RouteTableAssociationState{State: types.RouteTableAssociationStateCodeAssociated},
	}, nil
}

func (s *Service) associateRouteTableChecks(ctx context.Context, in *ec2.AssociateRouteTableInput) ([]api.Check, error) {
	return s.on(ctx, "AssociateRouteTable", thing{&routeTableNoun, in.RouteTableId}, thing{&subnetNoun, in.SubnetId})
}

// tableOf is the route table that a subnet was given; nil if it has the main
// one.
func tableOf(l look, n *Subnet) (*RouteTable, error) {
	tables, err := routeTableNoun.in(l, n.VPC)
	for _, t := range tables {
		for _, a := range t.Associations {
			if a.Subnet == n.ID {
				return t, nil
			}
		}
	}
	return nil, err
}
