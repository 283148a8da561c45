package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/api"
)

// SetTopicAttributes changes one attribute of a topic.
func (s *Service) SetTopicAttributes(ctx context.Context, in *sns.SetTopicAttributesInput) (*sns.SetTopicAttributesOutput, error) {
	err := s.change(ctx, *in.TopicArn, func(t *topic) error { return t.set(*in.AttributeName, deref(in.AttributeValue)) })
	if err != nil {
		return nil, err
	}
	return &sns.SetTopicAttributesOutput{}, nil
}

func (s *Service) setTopicAttributesChecks(ctx context.Context, in *sns.SetTopicAttributesInput) ([]api.Check, error) {
	return s.checks(ctx, "sns:SetTopicAttributes", in.TopicArn)
}
