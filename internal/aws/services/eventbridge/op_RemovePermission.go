package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
)

// RemovePermission takes a statement of a bus's policy back, or all.
func (s *Service) RemovePermission(ctx context.Context, in *eventbridge.RemovePermissionInput) (*eventbridge.RemovePermissionOutput, error) {
	_, err := s.changeBus(ctx, in.EventBusName, func(b *bus) (err error) {
		b.Policy, err = revoked(b, deref(in.StatementId), in.RemoveAllPermissions)
		return err
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
