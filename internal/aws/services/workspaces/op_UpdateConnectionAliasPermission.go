package workspaces

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateConnectionAliasPermission lets another account associate an alias, or
// ends that. An account that has associated it keeps it until it has parted.
func (s *Service) UpdateConnectionAliasPermission(ctx context.Context, in *workspaces.UpdateConnectionAliasPermissionInput) (*workspaces.UpdateConnectionAliasPermissionOutput, error) {
	sc, account := store.In(api.CallFrom(ctx).Place()), text(in.ConnectionAliasPermission.SharedAccountId)
	if account == sc.Account {
		return nil, invalid("A connection alias cannot be shared with the account that owns it.")
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		a, err := ownAlias(tx, sc, text(in.AliasId))
		if err != nil {
			return err
		}
		i, shared := slices.BinarySearch(a.Shares, account)
		switch allow := on(in.ConnectionAliasPermission.AllowAssociation); {
		case allow == shared:
			return nil
		case allow:
			a.Shares = slices.Insert(a.Shares, i, account)
		case a.Account == account:
			return &types.ResourceAssociatedException{Message: new("The connection alias is associated with a directory of the account " + account + ".")}
		default:
			a.Shares = slices.Delete(a.Shares, i, i+1)
		}
		return aliases.Put(tx, sc, a)
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.UpdateConnectionAliasPermissionOutput{}, nil
}

func (s *Service) updateConnectionAliasPermissionChecks(ctx context.Context, in *workspaces.UpdateConnectionAliasPermissionInput) ([]api.Check, error) {
	return s.onAlias(ctx, "workspaces:UpdateConnectionAliasPermission", in.AliasId)
}
