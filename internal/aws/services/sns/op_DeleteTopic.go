package sns

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteTopic deletes a topic with its subscriptions. One that is not there is
// deleted already.
func (s *Service) DeleteTopic(ctx context.Context, in *sns.DeleteTopicInput) (*sns.DeleteTopicOutput, error) {
	sc, name, err := topicOf(api.CallFrom(ctx), *in.TopicArn)
	if err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		all, err := subscriptions.By(tx, store.Scope{}, "topic", *in.TopicArn, store.Page{})
		if err != nil {
			return err
		}
		for _, one := range all {
			if err := subscriptions.Delete(tx, store.Scope{}, one.arn()); err != nil {
				return err
			}
		}
		if err := topics.Delete(tx, sc, name); !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &sns.DeleteTopicOutput{}, nil
}

func (s *Service) deleteTopicChecks(ctx context.Context, in *sns.DeleteTopicInput) ([]api.Check, error) {
	return s.checks(ctx, "sns:DeleteTopic", in.TopicArn)
}
