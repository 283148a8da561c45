package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateApiDestination changes an API destination; what is not given stays.
func (s *Service) UpdateApiDestination(ctx context.Context, in *eventbridge.UpdateApiDestinationInput) (*eventbridge.UpdateApiDestinationOutput, error) {
	if in.InvocationEndpoint != nil {
		if err := checkEndpoint("InvocationEndpoint", *in.InvocationEndpoint); err != nil {
			return nil, err
		}
	}
	call := api.CallFrom(ctx)
	var d *destination
	var state types.ApiDestinationState
	err := s.store.Update(ctx, func(tx *store.Tx) (err error) {
		if d, err = findDestination(tx, store.In(call.Place()), *in.Name); err != nil {
			return err
		}
		if in.ConnectionArn != nil {
			if _, err := connectionAt(tx, d.scope(), *in.ConnectionArn); err != nil {
				return err
			}
		}
		d.change(in)
		d.Modified = call.Time
		if state, err = d.state(tx); err != nil {
			return err
		}
		return destinations.Put(tx, d.scope(), d)
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.UpdateApiDestinationOutput{ApiDestinationArn: new(d.arn()), ApiDestinationState: state, CreationTime: &d.Created, LastModifiedTime: &d.Modified}, nil
}

func (d *destination) change(in *eventbridge.UpdateApiDestinationInput) {
	if in.Description != nil {
		d.Description = in.Description
	}
	renew(&d.Connection, in.ConnectionArn)
	renew(&d.Endpoint, in.InvocationEndpoint)
	if in.HttpMethod != "" {
		d.Method = in.HttpMethod
	}
	if in.InvocationRateLimitPerSecond != nil {
		d.Rate = *in.InvocationRateLimitPerSecond
	}
}

func (s *Service) updateApiDestinationChecks(ctx context.Context, in *eventbridge.UpdateApiDestinationInput) ([]api.Check, error) {
	return on(ctx, "events:UpdateApiDestination", "api-destination", in.Name)
}
