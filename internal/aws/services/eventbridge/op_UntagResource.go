package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
)

// UntagResource takes tags from a rule or a bus.
func (s *Service) UntagResource(ctx context.Context, in *eventbridge.UntagResourceInput) (*eventbridge.UntagResourceOutput, error) {
	if err := s.retag(ctx, *in.ResourceARN, nil, in.TagKeys); err != nil {
		return nil, err
	}
	return &eventbridge.UntagResourceOutput{}, nil
}

func (s *Service) untagResourceChecks(ctx context.Context, in *eventbridge.UntagResourceInput) ([]api.Check, error) {
	return []api.Check{s.onResource(ctx, "events:UntagResource", in.ResourceARN).Asking(nil, in.TagKeys)}, nil
}
