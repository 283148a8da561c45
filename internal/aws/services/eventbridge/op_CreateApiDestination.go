package eventbridge

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateApiDestination keeps an endpoint that rules can send events to.
func (s *Service) CreateApiDestination(ctx context.Context, in *eventbridge.CreateApiDestinationInput) (*eventbridge.CreateApiDestinationOutput, error) {
	if err := checkEndpoint("InvocationEndpoint", *in.InvocationEndpoint); err != nil {
		return nil, err
	}
	call := api.CallFrom(ctx)
	d := &destination{
		Name: *in.Name, ID: s.ids.UUID(), Account: call.Account, Region: call.Region, Description: in.Description, Connection: *in.ConnectionArn,
		Endpoint: *in.InvocationEndpoint, Method: in.HttpMethod, Created: call.Time, Modified: call.Time,
	}
	if in.InvocationRateLimitPerSecond != nil {
		d.Rate = *in.InvocationRateLimitPerSecond
	}
	var state types.ApiDestinationState
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := connectionAt(tx, d.scope(), d.Connection); err != nil {
			return err
		}
		if _, err := destinations.Get(tx, d.scope(), d.Name); !errors.Is(err, store.ErrNotFound) {
			if err == nil {
				err = &types.ResourceAlreadyExistsException{Message: new("An api-destination '" + d.Name + "' already exists.")}
			}
			return err
		}
		all, err := destinations.List(tx, d.scope(), store.Page{Limit: mostDestinations})
		if err != nil {
			return err
		}
		if len(all) == mostDestinations {
			return &types.LimitExceededException{Message: new("The account has as many API destinations as it can have.")}
		}
		if state, err = d.state(tx); err != nil {
			return err
		}
		return destinations.Put(tx, d.scope(), d)
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.CreateApiDestinationOutput{ApiDestinationArn: new(d.arn()), ApiDestinationState: state, CreationTime: &d.Created, LastModifiedTime: &d.Modified}, nil
}

func (s *Service) createApiDestinationChecks(ctx context.Context, in *eventbridge.CreateApiDestinationInput) ([]api.Check, error) {
	return on(ctx, "events:CreateApiDestination", "api-destination", in.Name)
}
