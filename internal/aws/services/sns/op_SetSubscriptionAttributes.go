package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// SetSubscriptionAttributes changes one attribute of a subscription.
func (s *Service) SetSubscriptionAttributes(ctx context.Context, in *sns.SetSubscriptionAttributesInput) (*sns.SetSubscriptionAttributesOutput, error) {
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		one, err := findSubscription(tx, api.CallFrom(ctx), *in.SubscriptionArn)
		if err != nil {
			return err
		}
		if err := one.set(*in.AttributeName, deref(in.AttributeValue)); err != nil {
			return err
		}
		if err := one.coherent(); err != nil {
			return err
		}
		return subscriptions.Put(tx, store.Scope{}, one)
	})
	if err != nil {
		return nil, err
	}
	return &sns.SetSubscriptionAttributesOutput{}, nil
}

func (s *Service) setSubscriptionAttributesChecks(ctx context.Context, in *sns.SetSubscriptionAttributesInput) ([]api.Check, error) {
	return s.onSubscription(ctx, "sns:SetSubscriptionAttributes", in.SubscriptionArn)
}
