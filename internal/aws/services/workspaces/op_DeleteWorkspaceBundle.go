package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteWorkspaceBundle deletes a bundle that no desktop was made of.
func (s *Service) DeleteWorkspaceBundle(ctx context.Context, in *workspaces.DeleteWorkspaceBundleInput) (*workspaces.DeleteWorkspaceBundleOutput, error) {
	if in.BundleId == nil {
		return nil, invalid("The BundleId parameter is required.")
	}
	sc := store.In(api.CallFrom(ctx).Place())
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		b, err := findOwnBundle(tx, sc, *in.BundleId)
		if err != nil {
			return err
		}
		made, err := desktopTable.By(tx, sc, "bundle", b.ID, store.Page{Limit: 1})
		if err != nil {
			return err
		}
		if len(made) > 0 {
			return &types.ResourceAssociatedException{Message: new("The bundle is associated with the WorkSpace " + made[0].ID + ".")}
		}
		return bundles.Delete(tx, sc, b.ID)
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.DeleteWorkspaceBundleOutput{}, nil
}

func (s *Service) deleteWorkspaceBundleChecks(ctx context.Context, in *workspaces.DeleteWorkspaceBundleInput) ([]api.Check, error) {
	return s.onBundle(ctx, "workspaces:DeleteWorkspaceBundle", in.BundleId)
}
