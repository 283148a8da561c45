package eventbridge

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteEventBus deletes a bus that has no rules any more.
func (s *Service) DeleteEventBus(ctx context.Context, in *eventbridge.DeleteEventBusInput) (*eventbridge.DeleteEventBusOutput, error) {
	call := api.CallFrom(ctx)
	if *in.Name == defaultBus {
		return nil, invalid("Cannot delete event bus default.")
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		left, err := rules.By(tx, store.In(call.Place()), "bus", *in.Name, store.Page{Limit: 1})
		if err != nil {
			return err
		}
		if len(left) > 0 {
			return invalid("Cannot delete event bus %s as it has rules.", *in.Name)
		}
		if err := buses.Delete(tx, store.In(call.Place()), *in.Name); !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.DeleteEventBusOutput{}, nil
}

func (s *Service) deleteEventBusChecks(ctx context.Context, in *eventbridge.DeleteEventBusInput) ([]api.Check, error) {
	c, err := s.onBus(ctx, "events:DeleteEventBus", in.Name)
	return []api.Check{c}, err
}
