package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteApiDestination deletes an API destination. Events on their way to it
// are dropped.
func (s *Service) DeleteApiDestination(ctx context.Context, in *eventbridge.DeleteApiDestinationInput) (*eventbridge.DeleteApiDestinationOutput, error) {
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		d, err := findDestination(tx, store.In(api.CallFrom(ctx).Place()), *in.Name)
		if err != nil {
			return err
		}
		return destinations.Delete(tx, d.scope(), d.Name)
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.DeleteApiDestinationOutput{}, nil
}

func (s *Service) deleteApiDestinationChecks(ctx context.Context, in *eventbridge.DeleteApiDestinationInput) ([]api.Check, error) {
	return on(ctx, "events:DeleteApiDestination", "api-destination", in.Name)
}
