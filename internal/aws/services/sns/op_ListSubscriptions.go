package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/api"
)

// ListSubscriptions lists the subscriptions of the account in the Region.
func (s *Service) ListSubscriptions(ctx context.Context, in *sns.ListSubscriptionsInput) (*sns.ListSubscriptionsOutput, error) {
	call := api.CallFrom(ctx)
	page, next, err := s.list(ctx, "ListSubscriptions", "owner", call.Account+"/"+call.Region, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &sns.ListSubscriptionsOutput{Subscriptions: page, NextToken: next}, nil
}

func (s *Service) listSubscriptionsChecks(ctx context.Context, in *sns.ListSubscriptionsInput) ([]api.Check, error) {
	return api.OnAny("sns:ListSubscriptions"), nil
}
