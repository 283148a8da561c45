package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/api"
)

// ListSubscriptionsByTopic lists the subscriptions of a topic.
func (s *Service) ListSubscriptionsByTopic(ctx context.Context, in *sns.ListSubscriptionsByTopicInput) (*sns.ListSubscriptionsByTopicOutput, error) {
	t, err := s.look(ctx, *in.TopicArn)
	if err != nil {
		return nil, err
	}
	page, next, err := s.list(ctx, "ListSubscriptionsByTopic "+t.Name, "topic", t.arn(), in.NextToken)
	if err != nil {
		return nil, err
	}
	return &sns.ListSubscriptionsByTopicOutput{Subscriptions: page, NextToken: next}, nil
}

func (s *Service) listSubscriptionsByTopicChecks(ctx context.Context, in *sns.ListSubscriptionsByTopicInput) ([]api.Check, error) {
	return s.checks(ctx, "sns:ListSubscriptionsByTopic", in.TopicArn)
}
