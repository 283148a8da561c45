package workspaces

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CopyWorkspaceImage makes an image of the account in this Region out of one of
// its own, or of one that is shared with it. What the images are made of exists
// once, so the copy is there at once.
func (s *Service) CopyWorkspaceImage(ctx context.Context, in *workspaces.CopyWorkspaceImageInput) (*workspaces.CopyWorkspaceImageOutput, error) {
	tags, no := newTags(in.Tags)
	if no != nil {
		return nil, no.exception()
	}
	call := api.CallFrom(ctx)
	id := "wsi-" + s.ids.Lower(9)
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		from, err := imageToCopy(tx, call.Account, text(in.SourceRegion), text(in.SourceImageId))
		if err != nil {
			return err
		}
		if from.State != types.WorkspaceImageStateAvailable {
			return &types.ResourceUnavailableException{Message: new("The image " + from.ID + " is not available."), ResourceId: &from.ID}
		}
		return putImage(tx, store.In(call.Place()), &Image{
			ID: id, Name: text(in.Name), Description: text(in.Description), State: from.State, Capture: from.Capture, Created: call.Time, Tags: tags,
		})
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.CopyWorkspaceImageOutput{ImageId: &id}, nil
}

func (s *Service) copyWorkspaceImageChecks(ctx context.Context, in *workspaces.CopyWorkspaceImageInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	from := arn.New("workspaces", text(in.SourceRegion), call.Account, "workspaceimage/"+text(in.SourceImageId))
	return withTags(append(api.On("workspaces:CopyWorkspaceImage", from), api.On("workspaces:CopyWorkspaceImage", imageARN(call, "*"))...), in.Tags), nil
}

// imageToCopy finds an image of an account in a Region, else one there that is
// shared with it.
func imageToCopy(tx *store.Tx, account, region, id string) (*Image, error) {
	i, err := findImage(tx, store.In(account, region), id)
	if err == nil {
		return i, nil
	}
	shared, more := sharedImages(tx, account, region)
	if more != nil {
		return nil, more
	}
	for _, r := range shared {
		if r.Record.ID == id {
			return r.Record, nil
		}
	}
	return nil, err
}

// sharedImages are those of a Region that other accounts share with one.
func sharedImages(tx *store.Tx, account, region string) ([]store.Row[Image], error) {
	all, err := images.Everywhere(tx, "shared", "yes")
	return slices.DeleteFunc(all, func(r store.Row[Image]) bool {
		return r.Scope.Region != region || r.Record.State == deletedImage || !slices.Contains(r.Record.Shares, account)
	}), err
}
