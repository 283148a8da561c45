package sns

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ConfirmSubscription makes a listener one, who shows it by its token.
func (s *Service) ConfirmSubscription(ctx context.Context, in *sns.ConfirmSubscriptionInput) (*sns.ConfirmSubscriptionOutput, error) {
	call := api.CallFrom(ctx)
	guarded := deref(in.AuthenticateOnUnsubscribe) == "true"
	if guarded && call.Caller.Account == "" {
		return nil, &types.AuthorizationErrorException{Message: new("AuthenticateOnUnsubscribe needs a signature")}
	}
	var kept *subscription
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		t, err := find(tx, call, *in.TopicArn)
		if err != nil {
			return err
		}
		all, err := subscriptions.By(tx, store.Scope{}, "topic", t.arn(), store.Page{})
		if err != nil {
			return err
		}
		sum := digest(*in.Token)
		i := slices.IndexFunc(all, func(one *subscription) bool { return one.Token == sum })
		if i < 0 || !all[i].Expires.After(s.clock.Now()) {
			return invalid("Token")
		}
		if kept = all[i]; kept.State == stateConfirmed {
			return nil
		}
		kept.State, kept.Guarded, kept.Proved = stateConfirmed, guarded, call.Caller.Account != ""
		return subscriptions.Put(tx, store.Scope{}, kept)
	})
	if err != nil {
		return nil, err
	}
	return &sns.ConfirmSubscriptionOutput{SubscriptionArn: new(kept.arn())}, nil
}

func (s *Service) confirmSubscriptionChecks(ctx context.Context, in *sns.ConfirmSubscriptionInput) ([]api.Check, error) {
	return s.checks(ctx, "sns:ConfirmSubscription", in.TopicArn)
}
