package resourcegroups

import (
	"context"

	rg "github.com/aws/aws-sdk-go-v2/service/resourcegroups"

	"tamachi/internal/aws/api"
)

// GetTags shows the tags of a group.
func (s *Service) GetTags(ctx context.Context, in *rg.GetTagsInput) (*rg.GetTagsOutput, error) {
	g, err := s.look(ctx, nil, in.Arn)
	if err != nil {
		return nil, err
	}
	return &rg.GetTagsOutput{Arn: in.Arn, Tags: g.Tags}, nil
}

func (s *Service) getTagsChecks(ctx context.Context, in *rg.GetTagsInput) ([]api.Check, error) {
	return []api.Check{s.on(ctx, "resource-groups:GetTags", nil, in.Arn)}, nil
}
