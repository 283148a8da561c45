package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeEventBus shows a bus.
func (s *Service) DescribeEventBus(ctx context.Context, in *eventbridge.DescribeEventBusInput) (*eventbridge.DescribeEventBusOutput, error) {
	call := api.CallFrom(ctx)
	name, err := busNamed(call, in.Name)
	if err != nil {
		return nil, err
	}
	var b *bus
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		b, err = findBus(tx, store.In(call.Place()), name)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &eventbridge.DescribeEventBusOutput{Name: &b.Name, Arn: new(b.arn()), Description: b.Description, Policy: api.Optional(b.Policy)}
	if !b.Created.IsZero() {
		out.CreationTime, out.LastModifiedTime = &b.Created, &b.Modified
	}
	return out, nil
}

func (s *Service) describeEventBusChecks(ctx context.Context, in *eventbridge.DescribeEventBusInput) ([]api.Check, error) {
	c, err := s.onBus(ctx, "events:DescribeEventBus", in.Name)
	return []api.Check{c}, err
}
