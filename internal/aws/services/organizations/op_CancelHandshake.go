package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CancelHandshake takes a handshake back, by the organization that asked.
func (s *Service) CancelHandshake(ctx context.Context, in *organizations.CancelHandshakeInput) (*organizations.CancelHandshakeOutput, error) {
	now := api.CallFrom(ctx).Time
	ended, err := s.closeHandshake(ctx, *in.HandshakeId, asker, types.HandshakeStateCanceled, func(tx *store.Tx, h *handshake) error { return h.drop(tx, now) })
	if err != nil {
		return nil, err
	}
	return &organizations.CancelHandshakeOutput{Handshake: ended}, nil
}

func (s *Service) cancelHandshakeChecks(ctx context.Context, in *organizations.CancelHandshakeInput) ([]api.Check, error) {
	return s.on(ctx, "CancelHandshake", *in.HandshakeId)
}
