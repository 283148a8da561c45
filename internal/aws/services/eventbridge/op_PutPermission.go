package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutPermission lets others put events on a bus: by a whole policy, or by one
// statement.
func (s *Service) PutPermission(ctx context.Context, in *eventbridge.PutPermissionInput) (*eventbridge.PutPermissionOutput, error) {
	call, now := api.CallFrom(ctx), s.clock.Now()
	name, err := busNamed(call, in.EventBusName)
	if err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		b, err := findBus(tx, scopeOf(call), name)
		if err != nil {
			return err
		}
		if b.Policy, err = permitted(b, in); err != nil {
			return err
		}
		if b.Created.IsZero() {
			b.Created = now
		}
		b.Modified = now
		return buses.Put(tx, scopeOf(call), b)
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.PutPermissionOutput{}, nil
}

// The action knows no resource types (Service Authorization Reference, Amazon
// EventBridge).
func (s *Service) putPermissionChecks(context.Context, *eventbridge.PutPermissionInput) ([]api.Check, error) {
	return api.OnAny("events:PutPermission"), nil
}
