package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeApiDestination shows an API destination.
func (s *Service) DescribeApiDestination(ctx context.Context, in *eventbridge.DescribeApiDestinationInput) (*eventbridge.DescribeApiDestinationOutput, error) {
	var d *destination
	var state types.ApiDestinationState
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		if d, err = findDestination(tx, store.In(api.CallFrom(ctx).Place()), *in.Name); err == nil {
			state, err = d.state(tx)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.DescribeApiDestinationOutput{
		ApiDestinationArn: new(d.arn()), Name: &d.Name, Description: d.Description, ApiDestinationState: state, ConnectionArn: &d.Connection,
		InvocationEndpoint: &d.Endpoint, HttpMethod: d.Method, InvocationRateLimitPerSecond: d.rate(), CreationTime: &d.Created, LastModifiedTime: &d.Modified,
	}, nil
}

func (s *Service) describeApiDestinationChecks(ctx context.Context, in *eventbridge.DescribeApiDestinationInput) ([]api.Check, error) {
	return on(ctx, "events:DescribeApiDestination", "api-destination", in.Name)
}
