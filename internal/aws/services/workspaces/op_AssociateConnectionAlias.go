package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// AssociateConnectionAlias makes an alias lead to a directory of the caller's
// account: its people may write it in place of the registration code at once.
func (s *Service) AssociateConnectionAlias(ctx context.Context, in *workspaces.AssociateConnectionAliasInput) (*workspaces.AssociateConnectionAliasOutput, error) {
	call, connection := api.CallFrom(ctx), s.ids.Upper(20)
	err := s.changeAlias(ctx, in.AliasId, func(tx *store.Tx, a *Alias) error {
		if _, err := findDirectory(tx, store.In(call.Place()), text(in.ResourceId)); err != nil {
			return err
		}
		if a.Directory != "" {
			return &types.ResourceAssociatedException{Message: new("The connection alias is already associated with a directory.")}
		}
		a.Account, a.Directory, a.Connection, a.Since = call.Account, text(in.ResourceId), connection, call.Time
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.AssociateConnectionAliasOutput{ConnectionIdentifier: &connection}, nil
}

func (s *Service) associateConnectionAliasChecks(ctx context.Context, in *workspaces.AssociateConnectionAliasInput) ([]api.Check, error) {
	checks, err := s.onAlias(ctx, "workspaces:AssociateConnectionAlias", in.AliasId)
	if err != nil {
		return nil, err
	}
	on, err := s.onDirectory(ctx, "workspaces:AssociateConnectionAlias", in.ResourceId)
	return append(checks, on...), err
}
