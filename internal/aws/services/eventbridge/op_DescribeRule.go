package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeRule shows a rule.
func (s *Service) DescribeRule(ctx context.Context, in *eventbridge.DescribeRuleInput) (*eventbridge.DescribeRuleOutput, error) {
	var r *rule
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		r, err = findRule(tx, api.CallFrom(ctx), in.Name, in.EventBusName)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.DescribeRuleOutput{
		Name: &r.Name, Arn: new(r.arn()), EventPattern: api.Optional(r.Pattern), ScheduleExpression: api.Optional(r.Schedule), State: r.state(),
		Description: r.Description, RoleArn: r.Role, EventBusName: &r.Bus, CreatedBy: &r.CreatedBy,
	}, nil
}

func (s *Service) describeRuleChecks(ctx context.Context, in *eventbridge.DescribeRuleInput) ([]api.Check, error) {
	return s.ruleChecks(ctx, "events:DescribeRule", in.Name, in.EventBusName)
}
