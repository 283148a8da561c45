package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteConnectionAlias deletes an alias that is neither associated nor shared.
func (s *Service) DeleteConnectionAlias(ctx context.Context, in *workspaces.DeleteConnectionAliasInput) (*workspaces.DeleteConnectionAliasOutput, error) {
	sc := store.In(api.CallFrom(ctx).Place())
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		a, err := ownAlias(tx, sc, text(in.AliasId))
		if err != nil {
			return err
		}
		if a.Directory != "" {
			return &types.ResourceAssociatedException{Message: new("The connection alias is associated with the directory " + a.Directory + ".")}
		}
		if len(a.Shares) > 0 {
			return &types.ResourceAssociatedException{Message: new("The connection alias is shared with the account " + a.Shares[0] + ".")}
		}
		return aliases.Delete(tx, sc, a.ID)
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.DeleteConnectionAliasOutput{}, nil
}

func (s *Service) deleteConnectionAliasChecks(ctx context.Context, in *workspaces.DeleteConnectionAliasInput) ([]api.Check, error) {
	return s.onAlias(ctx, "workspaces:DeleteConnectionAlias", in.AliasId)
}
