package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/api"
)

// GetSubscriptionAttributes shows a subscription.
func (s *Service) GetSubscriptionAttributes(ctx context.Context, in *sns.GetSubscriptionAttributesInput) (*sns.GetSubscriptionAttributesOutput, error) {
	one, err := s.subscription(ctx, *in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	t, err := s.look(ctx, one.Topic)
	if err != nil {
		return nil, err
	}
	return &sns.GetSubscriptionAttributesOutput{Attributes: one.shown(t)}, nil
}

func (s *Service) getSubscriptionAttributesChecks(ctx context.Context, in *sns.GetSubscriptionAttributesInput) ([]api.Check, error) {
	return s.onSubscription(ctx, "sns:GetSubscriptionAttributes", in.SubscriptionArn)
}
