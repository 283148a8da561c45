package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateWorkspaceImage makes an image of a desktop's root volume. The desktop is
// SUSPENDED while that is done, and goes on then. A second image of its name is
// refused, so a repeated call makes one.
func (s *Service) CreateWorkspaceImage(ctx context.Context, in *workspaces.CreateWorkspaceImageInput) (*workspaces.CreateWorkspaceImageOutput, error) {
	tags, no := newTags(in.Tags)
	if no != nil {
		return nil, no.exception()
	}
	call := api.CallFrom(ctx)
	sc, id := store.In(call.Place()), "wsi-"+s.ids.Lower(9)
	i := &Image{
		ID: id, Name: text(in.Name), Description: text(in.Description), State: types.WorkspaceImageStatePending, Capture: id,
		Created: call.Time, Tags: tags,
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		d, err := findDesktop(tx, sc, text(in.WorkspaceId))
		if err != nil {
			return err
		}
		if no := d.ask(askSuspend, call); no != nil {
			return no.exception()
		}
		d.Imaging = id
		if err := d.put(tx, sc, call, call.Time); err != nil {
			return err
		}
		return putImage(tx, sc, i)
	})
	if err != nil {
		return nil, err
	}
	shown := i.describe(call.Account)
	return &workspaces.CreateWorkspaceImageOutput{
		ImageId: shown.ImageId, Name: shown.Name, Description: shown.Description, OperatingSystem: shown.OperatingSystem,
		State: shown.State, RequiredTenancy: shown.RequiredTenancy, Created: shown.Created, OwnerAccountId: shown.OwnerAccountId,
	}, nil
}

func (s *Service) createWorkspaceImageChecks(ctx context.Context, in *workspaces.CreateWorkspaceImageInput) ([]api.Check, error) {
	checks, err := s.checkEach(ctx, "workspaces:CreateWorkspaceImage", []string{text(in.WorkspaceId)})
	if err != nil {
		return nil, err
	}
	return tagging(append(checks, api.On("workspaces:CreateWorkspaceImage", imageARN(api.CallFrom(ctx), "*"))...), in.Tags), nil
}
