package resourcegroups

import (
	"context"

	rg "github.com/aws/aws-sdk-go-v2/service/resourcegroups"

	"tamachi/internal/aws/api"
)

// Tag sets tags of a group.
func (s *Service) Tag(ctx context.Context, in *rg.TagInput) (*rg.TagOutput, error) {
	_, err := s.change(ctx, nil, in.Arn, func(g *group) error { return g.retag(in.Tags, nil) })
	if err != nil {
		return nil, err
	}
	return &rg.TagOutput{Arn: in.Arn, Tags: in.Tags}, nil
}

func (s *Service) tagChecks(ctx context.Context, in *rg.TagInput) ([]api.Check, error) {
	return []api.Check{s.on(ctx, "resource-groups:Tag", nil, in.Arn).Asking(in.Tags, nil)}, nil
}
