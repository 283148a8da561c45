package sns

import (
	"context"
	"errors"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateTopic makes a topic. One that is there already is answered with, when it
// was made with the same attributes and tags.
func (s *Service) CreateTopic(ctx context.Context, in *sns.CreateTopicInput) (*sns.CreateTopicOutput, error) {
	call := api.CallFrom(ctx)
	if in.Attributes["FifoTopic"] == "true" {
		return nil, invalid("Attributes Reason: FIFO topics are not available here")
	}
	if !topicName.MatchString(*in.Name) {
		return nil, invalid("Topic Name")
	}
	if deref(in.DataProtectionPolicy) != "" {
		return nil, invalid("DataProtectionPolicy Reason: data protection policies are not available here")
	}
	t := &topic{Name: *in.Name, Account: call.Account, Region: call.Region}
	for name, value := range in.Attributes {
		if err := t.set(name, value); err != nil {
			return nil, err
		}
	}
	if err := t.retag(plainTags(in.Tags), nil); err != nil {
		return nil, err
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		old, err := topics.Get(tx, t.scope(), t.Name)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return topics.Put(tx, t.scope(), t)
		case err != nil:
			return err
		}
		for name, value := range t.Attributes {
			if old.Attributes[name] != value {
				return invalid("Attributes Reason: Topic already exists with different attributes")
			}
		}
		if len(in.Tags) > 0 && !maps.Equal(old.Tags, t.Tags) {
			return invalid("Tags Reason: Topic already exists with different tags")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &sns.CreateTopicOutput{TopicArn: new(t.arn())}, nil
}

func (s *Service) createTopicChecks(ctx context.Context, in *sns.CreateTopicInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	c, err := s.on(ctx, "sns:CreateTopic", topicARN(store.In(call.Place()), deref(in.Name)))
	c = c.Asking(plainTags(in.Tags), nil)
	if len(in.Tags) == 0 {
		return []api.Check{c}, err
	}
	tag := c
	tag.Action = "sns:TagResource"
	return []api.Check{c, tag}, err
}
