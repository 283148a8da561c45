package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DisassociateRouteTable takes a route table from a subnet, which then has the main one.
func (s *Service) DisassociateRouteTable(ctx context.Context, in *ec2.DisassociateRouteTableInput) (*ec2.DisassociateRouteTableOutput, error) {
	err := s.change(ctx, func(l look) error {
		t, i, err := tableWith(l, text(in.AssociationId))
		if err != nil {
			return err
		}
		if t.Associations[i].Main {
			return fault("InvalidParameterValue", "cannot disassociate the main route table association %s", t.Associations[i].ID)
		}
		t.Associations = slices.Delete(t.Associations, i, i+1)
		return routeTableNoun.put(l, t)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DisassociateRouteTableOutput{}, nil
}

func (s *Service) disassociateRouteTableChecks(ctx context.Context, in *ec2.DisassociateRouteTableInput) ([]api.Check, error) {
	return s.onAssociation(ctx, "DisassociateRouteTable", in.AssociationId)
}

// onAssociation are the checks of an action on an association: on its route
// table and its subnet.
func (s *Service) onAssociation(ctx context.Context, action string, id *string, others ...thing) ([]api.Check, error) {
	var table, subnet *string
	call := api.CallFrom(ctx)
	err := s.store.View(ctx, func(tx *store.Tx) error {
		t, i, err := tableWith(look{tx, store.In(call.Place()), call.Time}, text(id))
		if err == nil {
			table, subnet = &t.ID, api.Optional(t.Associations[i].Subnet)
		}
		return unlessModelled(err)
	})
	if err != nil {
		return nil, err
	}
	return s.on(ctx, action, append(others, thing{&routeTableNoun, table}, thing{&subnetNoun, subnet})...)
}
