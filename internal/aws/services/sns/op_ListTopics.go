package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListTopics lists the topics of the account in the Region by name.
func (s *Service) ListTopics(ctx context.Context, in *sns.ListTopicsInput) (*sns.ListTopicsOutput, error) {
	call := api.CallFrom(ctx)
	after, err := after("ListTopics", in.NextToken)
	if err != nil {
		return nil, err
	}
	var list []*topic
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = topics.List(tx, store.In(call.Place()), store.Page{After: after, Limit: perPage + 1})
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &sns.ListTopicsOutput{Topics: []types.Topic{}}
	for i, t := range list {
		if i == perPage {
			out.NextToken = new(api.Token("ListTopics", list[i-1].Name))
			break
		}
		out.Topics = append(out.Topics, types.Topic{TopicArn: new(t.arn())})
	}
	return out, nil
}

func (s *Service) listTopicsChecks(ctx context.Context, in *sns.ListTopicsInput) ([]api.Check, error) {
	return api.OnAny("sns:ListTopics"), nil
}
