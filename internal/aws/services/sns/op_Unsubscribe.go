package sns

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Unsubscribe ends a subscription. Who has no signature ends it by the link of a
// message, and is sent what restores it.
func (s *Service) Unsubscribe(ctx context.Context, in *sns.UnsubscribeInput) (*sns.UnsubscribeOutput, error) {
	call := api.CallFrom(ctx)
	topicName, err := split(call, *in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	anonymous := call.Caller.Account == ""
	t, err := s.look(ctx, topicName)
	if _, gone := errors.AsType[*types.NotFoundException](err); gone && !anonymous {
		return &sns.UnsubscribeOutput{}, nil
	}
	if err != nil {
		return nil, err
	}
	one, err := s.subscription(ctx, *in.SubscriptionArn)
	if _, gone := errors.AsType[*types.NotFoundException](err); gone {
		return &sns.UnsubscribeOutput{}, nil // as on AWS
	}
	if err != nil {
		return nil, err
	}
	if anonymous {
		return s.farewell(ctx, t, one)
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if err := subscriptions.Delete(tx, store.Scope{}, one.arn()); !errors.Is(err, store.ErrNotFound) {
			if err != nil {
				return err
			}
			return countDeleted(tx, t)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &sns.UnsubscribeOutput{}, nil
}

// farewell ends a subscription for somebody unknown.
func (s *Service) farewell(ctx context.Context, t *topic, one *subscription) (*sns.UnsubscribeOutput, error) {
	if one.Guarded || one.State != stateConfirmed {
		return nil, &types.AuthorizationErrorException{Message: new("This subscription can only be ended with a signature")}
	}
	token, now := s.ids.Hex(128), s.clock.Now()
	one.State, one.Token, one.Expires = stateEnded, digest(token), now.Add(tokenLife)
	out, err := s.handshake(t, one, typeFarewell, token, now)
	if err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if err := subscriptions.Put(tx, store.Scope{}, one); err != nil {
			return err
		}
		return out.keep(tx, s.ports.Mail)
	})
	if err != nil {
		return nil, err
	}
	return &sns.UnsubscribeOutput{}, nil
}

// countDeleted counts for SubscriptionsDeleted.
func countDeleted(tx *store.Tx, t *topic) error {
	now, err := topics.Get(tx, t.scope(), t.Name)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	now.Deleted++
	return topics.Put(tx, now.scope(), now)
}

func (s *Service) unsubscribeChecks(ctx context.Context, in *sns.UnsubscribeInput) ([]api.Check, error) {
	return s.onSubscription(ctx, "sns:Unsubscribe", in.SubscriptionArn)
}
