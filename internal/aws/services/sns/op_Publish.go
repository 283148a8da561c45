package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/api"
)

// Publish sends a message to the listeners of a topic.
func (s *Service) Publish(ctx context.Context, in *sns.PublishInput) (*sns.PublishOutput, error) {
	target := in.TopicArn
	switch {
	case in.PhoneNumber != nil:
		return nil, invalid("PhoneNumber Reason: there are no text messages here")
	case target == nil:
		target = in.TargetArn
	case in.TargetArn != nil:
		return nil, invalid("TopicArn or TargetArn Reason: specify only one")
	}
	if target == nil {
		return nil, invalid("TopicArn or TargetArn Reason: no value for required parameter")
	}
	if err := checkGroup(in.MessageGroupId, in.MessageDeduplicationId); err != nil {
		return nil, err
	}
	p, err := newPublication(in.Message, in.Subject, in.MessageStructure, in.MessageAttributes)
	if err != nil {
		return nil, err
	}
	ids, err := s.publish(ctx, *target, []*publication{p})
	if err != nil {
		return nil, err
	}
	return &sns.PublishOutput{MessageId: &ids[0]}, nil
}

func (s *Service) publishChecks(ctx context.Context, in *sns.PublishInput) ([]api.Check, error) {
	if in.TopicArn == nil {
		return s.checks(ctx, "sns:Publish", in.TargetArn)
	}
	return s.checks(ctx, "sns:Publish", in.TopicArn)
}
