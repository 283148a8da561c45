package workspaces

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeWorkspaceImages lists the account's images, or those that are shared
// with it, in the order of their ids. Unknown ids are left out.
func (s *Service) DescribeWorkspaceImages(ctx context.Context, in *workspaces.DescribeWorkspaceImagesInput) (*workspaces.DescribeWorkspaceImagesOutput, error) {
	const operation = "DescribeWorkspaceImages"
	from, err := after(operation, in.NextToken)
	if err != nil {
		return nil, invalidToken()
	}
	call := api.CallFrom(ctx)
	var all []types.WorkspaceImage
	err = s.store.View(ctx, func(tx *store.Tx) error {
		all, err = imagesFor(tx, call, in.ImageType)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &workspaces.DescribeWorkspaceImagesOutput{Images: []types.WorkspaceImage{}}
	for _, i := range all {
		if *i.ImageId <= from || len(in.ImageIds) > 0 && !slices.Contains(in.ImageIds, *i.ImageId) {
			continue
		}
		if n := limitOf(in.MaxResults); len(out.Images) == n {
			out.NextToken = new(api.Token(operation, *out.Images[n-1].ImageId))
			break
		}
		out.Images = append(out.Images, i)
	}
	return out, nil
}

func imagesFor(tx *store.Tx, call *api.Call, kind types.ImageType) (out []types.WorkspaceImage, err error) {
	if kind == types.ImageTypeShared {
		shared, err := sharedImages(tx, call.Account, call.Region)
		slices.SortFunc(shared, func(x, y store.Row[Image]) int { return strings.Compare(x.Record.ID, y.Record.ID) })
		for _, r := range shared {
			out = append(out, r.Record.describe(r.Scope.Account))
		}
		return out, err
	}
	own, err := images.List(tx, store.In(call.Place()), store.Page{})
	for _, i := range own {
		if i.State != deletedImage {
			out = append(out, i.describe(call.Account))
		}
	}
	return out, err
}

func (s *Service) describeWorkspaceImagesChecks(context.Context, *workspaces.DescribeWorkspaceImagesInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeWorkspaceImages"), nil
}
