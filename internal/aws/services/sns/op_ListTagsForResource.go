package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/api"
)

// ListTagsForResource shows the tags of a topic.
func (s *Service) ListTagsForResource(ctx context.Context, in *sns.ListTagsForResourceInput) (*sns.ListTagsForResourceOutput, error) {
	t, err := s.look(ctx, *in.ResourceArn)
	if err != nil {
		return nil, noResource(err)
	}
	return &sns.ListTagsForResourceOutput{Tags: tagList(t.Tags)}, nil
}

func (s *Service) listTagsForResourceChecks(ctx context.Context, in *sns.ListTagsForResourceInput) ([]api.Check, error) {
	return s.checks(ctx, "sns:ListTagsForResource", in.ResourceArn)
}
