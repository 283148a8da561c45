package workspaces

import (
	"context"
	"net/netip"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ModifyAccount says that the account brings its own licences, and sets a range
// of addresses apart for the management of its desktops: no directory is
// registered with a subnet in it from then on. The range stays as it is while
// directories are registered.
func (s *Service) ModifyAccount(ctx context.Context, in *workspaces.ModifyAccountInput) (*workspaces.ModifyAccountOutput, error) {
	if in.DedicatedTenancySupport == "" && in.DedicatedTenancyManagementCidrRange == nil {
		return nil, invalid("Specify DedicatedTenancySupport or DedicatedTenancyManagementCidrRange.")
	}
	call := api.CallFrom(ctx)
	sc, given := store.In(call.Place()), text(in.DedicatedTenancyManagementCidrRange)
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		l, err := licenceOf(tx, sc)
		if err != nil {
			return err
		}
		if l != nil && (given == "" || given == l.Range) {
			return nil // it is so
		}
		if given == "" {
			return invalid("An account that is to be enabled needs a DedicatedTenancyManagementCidrRange.")
		}
		if l == nil && in.DedicatedTenancySupport == "" {
			return &types.InvalidResourceStateException{Message: new("The account is not enabled for Bring Your Own License.")}
		}
		if err := s.mayKeep(tx, sc, given); err != nil {
			return err
		}
		if l == nil {
			l = &Licence{Key: licenceKey}
		}
		l.set(given, call.Time)
		return licences.Put(tx, sc, l)
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.ModifyAccountOutput{}, nil
}

// mayKeep tells whether a range can be set apart.
func (s *Service) mayKeep(tx *store.Tx, sc store.Scope, given string) error {
	p, err := netip.ParsePrefix(given)
	if err != nil {
		return invalid("The management range " + given + " is not valid.")
	}
	used, err := s.blocks(tx, sc)
	if err != nil {
		return err
	}
	if len(freeRanges(p, netip.Addr{}, used, 1)) == 0 {
		return &types.ResourceUnavailableException{Message: new("The management range " + given + " is not available. Choose one that ListAvailableManagementCidrRanges lists."), ResourceId: &given}
	}
	registered, err := directories.List(tx, sc, store.Page{Limit: 1})
	if err != nil {
		return err
	}
	if len(registered) > 0 {
		return &types.InvalidResourceStateException{Message: new("The management range cannot be changed while directories are registered.")}
	}
	return nil
}

func (s *Service) modifyAccountChecks(context.Context, *workspaces.ModifyAccountInput) ([]api.Check, error) {
	return api.OnAny("workspaces:ModifyAccount"), nil
}
