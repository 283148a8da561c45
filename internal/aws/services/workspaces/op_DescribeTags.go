package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeTags lists the tags of a desktop or a registered directory.
func (s *Service) DescribeTags(ctx context.Context, in *workspaces.DescribeTagsInput) (*workspaces.DescribeTagsOutput, error) {
	var tags map[string]string
	id := text(in.ResourceId)
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		tags, err = tagsOf(tx, store.In(api.CallFrom(ctx).Place()), id)
		return err
	})
	if err != nil {
		return nil, unknownResource(err, id)
	}
	return &workspaces.DescribeTagsOutput{TagList: tagList(tags)}, nil
}

func (s *Service) describeTagsChecks(context.Context, *workspaces.DescribeTagsInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeTags"), nil
}
