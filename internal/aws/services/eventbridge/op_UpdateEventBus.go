package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
)

// UpdateEventBus changes the description of a bus, without one the default's.
func (s *Service) UpdateEventBus(ctx context.Context, in *eventbridge.UpdateEventBusInput) (*eventbridge.UpdateEventBusOutput, error) {
	if in.KmsKeyIdentifier != nil || in.DeadLetterConfig != nil || in.LogConfig != nil {
		return nil, invalid("Keys, dead-letter queues and logs of buses are not available here.")
	}
	b, err := s.changeBus(ctx, in.Name, func(b *bus) error {
		b.Description = in.Description
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.UpdateEventBusOutput{Arn: new(b.arn()), Name: &b.Name, Description: b.Description}, nil
}

func (s *Service) updateEventBusChecks(ctx context.Context, in *eventbridge.UpdateEventBusInput) ([]api.Check, error) {
	c, err := s.onBus(ctx, "events:UpdateEventBus", in.Name)
	return []api.Check{c}, err
}
