package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateWorkspaceImagePermission shares an image with an account, which may copy
// it then, or ends that.
func (s *Service) UpdateWorkspaceImagePermission(ctx context.Context, in *workspaces.UpdateWorkspaceImagePermissionInput) (*workspaces.UpdateWorkspaceImagePermissionOutput, error) {
	call := api.CallFrom(ctx)
	if text(in.SharedAccountId) == call.Account {
		return nil, invalid("An image cannot be shared with the account that owns it.")
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		i, err := findImage(tx, store.In(call.Place()), text(in.ImageId))
		if err != nil {
			return err
		}
		i.share(text(in.SharedAccountId), on(in.AllowCopyImage))
		return images.Put(tx, store.In(call.Place()), i)
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.UpdateWorkspaceImagePermissionOutput{}, nil
}

func (s *Service) updateWorkspaceImagePermissionChecks(ctx context.Context, in *workspaces.UpdateWorkspaceImagePermissionInput) ([]api.Check, error) {
	return s.onImage(ctx, "workspaces:UpdateWorkspaceImagePermission", in.ImageId)
}
