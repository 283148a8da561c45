package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/api"
)

// UntagResource takes tags from a topic.
func (s *Service) UntagResource(ctx context.Context, in *sns.UntagResourceInput) (*sns.UntagResourceOutput, error) {
	err := s.change(ctx, *in.ResourceArn, func(t *topic) error { return t.retag(nil, in.TagKeys) })
	if err != nil {
		return nil, noResource(err)
	}
	return &sns.UntagResourceOutput{}, nil
}

func (s *Service) untagResourceChecks(ctx context.Context, in *sns.UntagResourceInput) ([]api.Check, error) {
	c, err := s.on(ctx, "sns:UntagResource", deref(in.ResourceArn))
	return []api.Check{c.Asking(nil, in.TagKeys)}, err
}
