package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeConnectionAliasPermissions lists the accounts that an alias is shared
// with, in their order.
func (s *Service) DescribeConnectionAliasPermissions(ctx context.Context, in *workspaces.DescribeConnectionAliasPermissionsInput) (*workspaces.DescribeConnectionAliasPermissionsOutput, error) {
	const operation = "DescribeConnectionAliasPermissions"
	from, err := after(operation, in.NextToken)
	if err != nil {
		return nil, err
	}
	var a *Alias
	err = s.store.View(ctx, func(tx *store.Tx) error {
		a, err = ownAlias(tx, store.In(api.CallFrom(ctx).Place()), text(in.AliasId))
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &workspaces.DescribeConnectionAliasPermissionsOutput{AliasId: &a.ID, ConnectionAliasPermissions: []types.ConnectionAliasPermission{}}
	var shares []string
	shares, out.NextToken = sharedWith(operation, a.Shares, from, limitOf(in.MaxResults))
	for _, account := range shares {
		out.ConnectionAliasPermissions = append(out.ConnectionAliasPermissions, types.ConnectionAliasPermission{SharedAccountId: &account, AllowAssociation: new(true)})
	}
	return out, nil
}

func (s *Service) describeConnectionAliasPermissionsChecks(ctx context.Context, in *workspaces.DescribeConnectionAliasPermissionsInput) ([]api.Check, error) {
	return s.onAlias(ctx, "workspaces:DescribeConnectionAliasPermissions", in.AliasId)
}
