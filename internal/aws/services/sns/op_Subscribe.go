package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Subscribe adds a listener to a topic, which confirms that it wants to hear.
func (s *Service) Subscribe(ctx context.Context, in *sns.SubscribeInput) (*sns.SubscribeOutput, error) {
	call := api.CallFrom(ctx)
	one, err := s.newSubscription(call, in)
	if err != nil {
		return nil, err
	}
	t, err := s.look(ctx, *in.TopicArn)
	if err != nil {
		return nil, err
	}
	one.Topic = t.arn()
	token, now := s.ids.Hex(128), s.clock.Now()
	one.Token, one.Expires = digest(token), now.Add(tokenLife)
	out, err := s.handshake(t, one, typeConfirmation, token, now)
	if err != nil {
		return nil, err
	}
	var kept *subscription
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if kept, err = s.enter(tx, *one); err != nil || kept.State == stateConfirmed {
			return err
		}
		if kept.ID != one.ID { // asked again: the new token counts
			kept.Token, kept.Expires = one.Token, one.Expires
			for _, d := range out.posts {
				d.Subscription = kept.arn()
			}
		}
		if err := subscriptions.Put(tx, store.Scope{}, kept); err != nil {
			return err
		}
		return out.keep(tx, s.ports.Mail)
	})
	if err != nil {
		return nil, err
	}
	if kept.State != stateConfirmed && !in.ReturnSubscriptionArn {
		return &sns.SubscribeOutput{SubscriptionArn: new("pending confirmation")}, nil
	}
	return &sns.SubscribeOutput{SubscriptionArn: new(kept.arn())}, nil
}

func (s *Service) subscribeChecks(ctx context.Context, in *sns.SubscribeInput) ([]api.Check, error) {
	c, err := s.on(ctx, "sns:Subscribe", deref(in.TopicArn))
	c.Sets = nil
	c.Keys = map[string]string{"sns:Protocol": deref(in.Protocol), "sns:Endpoint": deref(in.Endpoint)}
	return []api.Check{c}, err
}
