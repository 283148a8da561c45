package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// ReplaceRouteTableAssociation gives another route table to a subnet, or makes it the main one.
func (s *Service) ReplaceRouteTableAssociation(ctx context.Context, in *ec2.ReplaceRouteTableAssociationInput) (*ec2.ReplaceRouteTableAssociationOutput, error) {
	var out string
	err := s.change(ctx, func(l look) error {
		from, i, err := tableWith(l, text(in.AssociationId))
		if err != nil {
			return err
		}
		moved := from.Associations[i]
		moved.ID = "rtbassoc-" + s.ids.Hex(17)
		out = moved.ID
		from.Associations = slices.Delete(from.Associations, i, i+1)
		if err := routeTableNoun.put(l, from); err != nil {
			return err
		}
		return s.changeTable(l, in.RouteTableId, func(to *RouteTable) error {
			if to.VPC != from.VPC {
				return fault("InvalidParameterValue", "route table %s and association %s belong to different networks", to.ID, *in.AssociationId)
			}
			to.Associations = append(to.Associations, moved)
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return &ec2.ReplaceRouteTableAssociationOutput{
		NewAssociationId: &out, AssociationState: &types.RouteTableAssociationState{State: types.RouteTableAssociationStateCodeAssociated},
	}, nil
}

func (s *Service) replaceRouteTableAssociationChecks(ctx context.Context, in *ec2.ReplaceRouteTableAssociationInput) ([]api.Check, error) {
	return s.onAssociation(ctx, "ReplaceRouteTableAssociation", in.AssociationId, thing{&routeTableNoun, in.RouteTableId})
}
