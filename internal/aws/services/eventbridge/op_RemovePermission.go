package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// RemovePermission takes a statement of a bus's policy back, or all.
func (s *Service) RemovePermission(ctx context.Context, in *eventbridge.RemovePermissionInput) (*eventbridge.RemovePermissionOutput, error) {
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
		if b.Policy, err = revoked(b, deref(in.StatementId), in.RemoveAllPermissions); err != nil {
			return err
		}
		b.Modified = now
		return buses.Put(tx, scopeOf(call), b)
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.RemovePermissionOutput{}, nil
}

// The action knows no resource types.
func (s *Service) removePermissionChecks(context.Context, *eventbridge.RemovePermissionInput) ([]api.Check, error) {
	return api.OnAny("events:RemovePermission"), nil
}
