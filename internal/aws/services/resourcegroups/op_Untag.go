package resourcegroups

import (
	"context"

	rg "github.com/aws/aws-sdk-go-v2/service/resourcegroups"

	"tamachi/internal/aws/api"
)

// Untag takes tags from a group.
func (s *Service) Untag(ctx context.Context, in *rg.UntagInput) (*rg.UntagOutput, error) {
	_, err := s.change(ctx, nil, in.Arn, func(g *group) error { return g.retag(nil, in.Keys) })
	if err != nil {
		return nil, err
	}
	return &rg.UntagOutput{Arn: in.Arn, Keys: in.Keys}, nil
}

func (s *Service) untagChecks(ctx context.Context, in *rg.UntagInput) ([]api.Check, error) {
	return []api.Check{s.on(ctx, "resource-groups:Untag", nil, in.Arn).Asking(nil, in.Keys)}, nil
}
