package workspaces

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteWorkspaceImage deletes an image that no bundle is made of and that is
// not shared. Its model has no error for an image that is not there but that of
// a wrong state.
func (s *Service) DeleteWorkspaceImage(ctx context.Context, in *workspaces.DeleteWorkspaceImageInput) (*workspaces.DeleteWorkspaceImageOutput, error) {
	sc := store.In(api.CallFrom(ctx).Place())
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		i, err := findImage(tx, sc, text(in.ImageId))
		if err != nil {
			return err
		}
		used, err := bundles.By(tx, sc, "image", i.ID, store.Page{Limit: 1})
		if err != nil {
			return err
		}
		switch {
		case len(used) > 0:
			return &types.ResourceAssociatedException{Message: new("The image is associated with the bundle " + used[0].ID + ".")}
		case len(i.Shares) > 0:
			return &types.ResourceAssociatedException{Message: new("The image is shared with another account. Unshare it first.")}
		case i.State == types.WorkspaceImageStatePending:
			return &types.InvalidResourceStateException{Message: new("The image is being created.")}
		}
		i.State = deletedImage
		return images.Put(tx, sc, i)
	})
	if missing, ok := errors.AsType[*types.ResourceNotFoundException](err); ok {
		return nil, &types.InvalidResourceStateException{Message: missing.Message}
	}
	if err != nil {
		return nil, err
	}
	return &workspaces.DeleteWorkspaceImageOutput{}, nil
}

func (s *Service) deleteWorkspaceImageChecks(ctx context.Context, in *workspaces.DeleteWorkspaceImageInput) ([]api.Check, error) {
	return s.onImage(ctx, "workspaces:DeleteWorkspaceImage", in.ImageId)
}
