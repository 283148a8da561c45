package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListApiDestinations lists API destinations in the order of their names.
func (s *Service) ListApiDestinations(ctx context.Context, in *eventbridge.ListApiDestinationsInput) (*eventbridge.ListApiDestinationsOutput, error) {
	p, err := pageAt("ListApiDestinations", in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	shown, next, err := listNamed(ctx, s, p, &destinations, in.NamePrefix, func(tx *store.Tx, d *destination) (types.ApiDestination, bool, error) {
		if in.ConnectionArn != nil && d.Connection != *in.ConnectionArn {
			return types.ApiDestination{}, false, nil
		}
		state, err := d.state(tx)
		return types.ApiDestination{
			ApiDestinationArn: new(d.arn()), Name: &d.Name, ApiDestinationState: state, ConnectionArn: &d.Connection, InvocationEndpoint: &d.Endpoint,
			HttpMethod: d.Method, InvocationRateLimitPerSecond: d.rate(), CreationTime: &d.Created, LastModifiedTime: &d.Modified,
		}, true, err
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.ListApiDestinationsOutput{ApiDestinations: shown, NextToken: next}, nil
}

func (s *Service) listApiDestinationsChecks(context.Context, *eventbridge.ListApiDestinationsInput) ([]api.Check, error) {
	return api.OnAny("events:ListApiDestinations"), nil
}
