package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/api"
)

// TagResource sets tags of a topic.
func (s *Service) TagResource(ctx context.Context, in *sns.TagResourceInput) (*sns.TagResourceOutput, error) {
	err := s.change(ctx, *in.ResourceArn, func(t *topic) error { return t.retag(plainTags(in.Tags), nil) })
	if err != nil {
		return nil, noResource(err)
	}
	return &sns.TagResourceOutput{}, nil
}

func (s *Service) tagResourceChecks(ctx context.Context, in *sns.TagResourceInput) ([]api.Check, error) {
	c, err := s.on(ctx, "sns:TagResource", deref(in.ResourceArn))
	return []api.Check{c.Asking(plainTags(in.Tags), nil)}, err
}
