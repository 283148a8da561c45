package workspaces

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeregisterWorkspaceDirectory ends a registration and removes the account that
// joined desktops, and their security group. A directory with desktops, those on their way out included,
// is refused (API reference, DeregisterWorkspaceDirectory, DirectoryId).
func (s *Service) DeregisterWorkspaceDirectory(ctx context.Context, in *workspaces.DeregisterWorkspaceDirectoryInput) (*workspaces.DeregisterWorkspaceDirectoryOutput, error) {
	sc, id := store.In(api.CallFrom(ctx).Place()), text(in.DirectoryId)
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		d, err := directories.Get(tx, sc, id)
		if err != nil {
			return err
		}
		left, err := desktopTable.By(tx, sc, "directory", id, store.Page{Limit: 1})
		if err != nil {
			return err
		}
		if len(left) > 0 {
			return &types.OperationNotSupportedException{
				Message: new(fmt.Sprintf("The directory %s still has WorkSpaces. Remove them before you deregister the directory.", id)),
				Reason:  new("WorkSpaces are registered to the directory."),
			}
		}
		if d.Group != "" {
			if err := s.networks.Disband(tx, sc, d.Group); err != nil {
				return err
			}
		}
		if err := s.people.Dismiss(tx, sc, id); err != nil {
			return err
		}
		if err := partFrom(tx, sc, id); err != nil {
			return err
		}
		if err := forgetBranding(tx, sc, id); err != nil {
			return err
		}
		return directories.Delete(tx, sc, id)
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, &types.ResourceNotFoundException{Message: new("The specified directory could not be found in the specified region."), ResourceId: &id}
	}
	if err != nil {
		return nil, err
	}
	return &workspaces.DeregisterWorkspaceDirectoryOutput{}, nil
}

func (s *Service) deregisterWorkspaceDirectoryChecks(ctx context.Context, in *workspaces.DeregisterWorkspaceDirectoryInput) ([]api.Check, error) {
	return s.onDirectory(ctx, "workspaces:DeregisterWorkspaceDirectory", in.DirectoryId)
}
