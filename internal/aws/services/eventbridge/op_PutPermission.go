package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
)

// PutPermission lets others put events on a bus: by a whole policy, or by one
// statement.
func (s *Service) PutPermission(ctx context.Context, in *eventbridge.PutPermissionInput) (*eventbridge.PutPermissionOutput, error) {
	_, err := s.changeBus(ctx, in.EventBusName, func(b *bus) (err error) {
		b.Policy, err = permitted(b, in)
		return err
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
