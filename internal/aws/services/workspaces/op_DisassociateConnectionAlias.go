package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DisassociateConnectionAlias ends an association that the caller's account
// made.
func (s *Service) DisassociateConnectionAlias(ctx context.Context, in *workspaces.DisassociateConnectionAliasInput) (*workspaces.DisassociateConnectionAliasOutput, error) {
	call := api.CallFrom(ctx)
	err := s.changeAlias(ctx, in.AliasId, func(_ *store.Tx, a *Alias) error {
		if a.Directory == "" || a.Account != call.Account {
			return &types.InvalidResourceStateException{Message: new("The connection alias is not associated with a directory of this account.")}
		}
		a.part()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.DisassociateConnectionAliasOutput{}, nil
}

func (s *Service) disassociateConnectionAliasChecks(ctx context.Context, in *workspaces.DisassociateConnectionAliasInput) ([]api.Check, error) {
	return s.onAlias(ctx, "workspaces:DisassociateConnectionAlias", in.AliasId)
}
