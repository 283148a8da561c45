package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetTopicAttributes shows a topic.
func (s *Service) GetTopicAttributes(ctx context.Context, in *sns.GetTopicAttributesInput) (*sns.GetTopicAttributesOutput, error) {
	var t *topic
	count := map[string]int{}
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		if t, err = find(tx, api.CallFrom(ctx), *in.TopicArn); err != nil {
			return err
		}
		all, err := subscriptions.By(tx, store.Scope{}, "topic", t.arn(), store.Page{})
		for _, one := range all {
			count[one.State]++
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &sns.GetTopicAttributesOutput{Attributes: t.shown(count[stateConfirmed], count[statePending])}, nil
}

func (s *Service) getTopicAttributesChecks(ctx context.Context, in *sns.GetTopicAttributesInput) ([]api.Check, error) {
	return s.checks(ctx, "sns:GetTopicAttributes", in.TopicArn)
}
