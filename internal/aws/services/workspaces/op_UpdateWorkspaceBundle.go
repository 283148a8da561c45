package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateWorkspaceBundle gives a bundle another image. Its desktops get it when
// they are rebuilt.
func (s *Service) UpdateWorkspaceBundle(ctx context.Context, in *workspaces.UpdateWorkspaceBundleInput) (*workspaces.UpdateWorkspaceBundleOutput, error) {
	if in.BundleId == nil || in.ImageId == nil {
		return nil, invalid("The BundleId and ImageId parameters are required.")
	}
	call := api.CallFrom(ctx)
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		b, err := findOwnBundle(tx, store.In(call.Place()), *in.BundleId)
		if err != nil {
			return err
		}
		if err := checkImage(tx, store.In(call.Place()), *in.ImageId); err != nil {
			return err
		}
		b.ImageID, b.Updated = *in.ImageId, call.Time
		return bundles.Put(tx, store.In(call.Place()), b)
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.UpdateWorkspaceBundleOutput{}, nil
}

func (s *Service) updateWorkspaceBundleChecks(ctx context.Context, in *workspaces.UpdateWorkspaceBundleInput) ([]api.Check, error) {
	checks, err := s.onBundle(ctx, "workspaces:UpdateWorkspaceBundle", in.BundleId)
	if err != nil {
		return nil, err
	}
	more, err := s.onImage(ctx, "workspaces:UpdateWorkspaceBundle", in.ImageId)
	return append(checks, more...), err
}
