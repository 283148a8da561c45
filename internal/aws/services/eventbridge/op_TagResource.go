package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
)

// TagResource sets tags of a rule or a bus.
func (s *Service) TagResource(ctx context.Context, in *eventbridge.TagResourceInput) (*eventbridge.TagResourceOutput, error) {
	if err := s.retag(ctx, *in.ResourceARN, plainTags(in.Tags), nil); err != nil {
		return nil, err
	}
	return &eventbridge.TagResourceOutput{}, nil
}

func (s *Service) tagResourceChecks(ctx context.Context, in *eventbridge.TagResourceInput) ([]api.Check, error) {
	return []api.Check{s.onResource(ctx, "events:TagResource", in.ResourceARN).Asking(plainTags(in.Tags), nil)}, nil
}
