package eventbridge

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateEventBus makes a bus for events of one's own.
func (s *Service) CreateEventBus(ctx context.Context, in *eventbridge.CreateEventBusInput) (*eventbridge.CreateEventBusOutput, error) {
	if !busName.MatchString(*in.Name) {
		return nil, invalid("Event bus name %s is not valid. Reason: only the bus of a partner's source has a / in its name.", *in.Name)
	}
	if *in.Name == defaultBus {
		return nil, &types.ResourceAlreadyExistsException{Message: new("Event bus " + *in.Name + " already exists.")}
	}
	if in.EventSourceName != nil || in.KmsKeyIdentifier != nil || in.DeadLetterConfig != nil || in.LogConfig != nil {
		return nil, invalid("Partner sources, keys, dead-letter queues and logs of buses are not available here.")
	}
	call, now := api.CallFrom(ctx), s.clock.Now()
	b := &bus{Name: *in.Name, Account: call.Account, Region: call.Region, Description: in.Description, Created: now, Modified: now}
	var err error
	if b.Tags, err = retagged(nil, plainTags(in.Tags), nil); err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := buses.Get(tx, store.In(call.Place()), b.Name); !errors.Is(err, store.ErrNotFound) {
			if err == nil {
				err = &types.ResourceAlreadyExistsException{Message: new("Event bus " + b.Name + " already exists.")}
			}
			return err
		}
		return buses.Put(tx, store.In(call.Place()), b)
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.CreateEventBusOutput{EventBusArn: new(b.arn()), Description: b.Description}, nil
}

func (s *Service) createEventBusChecks(ctx context.Context, in *eventbridge.CreateEventBusInput) ([]api.Check, error) {
	c, err := s.onBus(ctx, "events:CreateEventBus", in.Name)
	return []api.Check{c.Asking(plainTags(in.Tags), nil)}, err
}
