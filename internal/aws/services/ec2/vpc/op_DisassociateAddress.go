package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DisassociateAddress takes an Elastic IP address from the interface that has it.
func (s *Service) DisassociateAddress(ctx context.Context, in *ec2.DisassociateAddressInput) (*ec2.DisassociateAddressOutput, error) {
	if in.PublicIp != nil {
		return nil, fault("InvalidParameterValue", "You must specify an association id when unmapping an address from a VPC instance")
	}
	if in.AssociationId == nil {
		return nil, fault("MissingParameter", "The request must contain the parameter AssociationId")
	}
	err := s.change(ctx, func(l look) error {
		_, held, err := addressWith(l, *in.AssociationId)
		if err != nil {
			return err
		}
		if held.seat == nil {
			return fault("AuthFailure", "You do not have permission to access the specified resource.")
		}
		return held.seat.bare(l)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DisassociateAddressOutput{}, nil
}

func (s *Service) disassociateAddressChecks(ctx context.Context, in *ec2.DisassociateAddressInput) ([]api.Check, error) {
	var address, seat *string
	call := api.CallFrom(ctx)
	err := s.store.View(ctx, func(tx *store.Tx) error {
		a, held, err := addressWith(look{tx, store.In(call.Place()), call.Time}, text(in.AssociationId))
		if err == nil {
			address, seat = &a.ID, &held.eni
		}
		return unlessModelled(err)
	})
	if err != nil {
		return nil, err
	}
	return s.on(ctx, "DisassociateAddress", thing{&addressNoun, address}, thing{&interfaceNoun, seat})
}

// addressWith finds the address of an association, and what has it.
func addressWith(l look, association string) (*Address, *holder, error) {
	all, err := addressNoun.all(l)
	for _, a := range all {
		held, err := a.holder(l)
		if err != nil {
			return nil, nil, err
		}
		if held != nil && held.association == association {
			return a, held, nil
		}
	}
	if err != nil {
		return nil, nil, err
	}
	return nil, nil, fault("InvalidAssociationID.NotFound", "The association ID '%s' does not exist", association)
}
