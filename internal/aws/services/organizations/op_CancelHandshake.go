package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
)

// CancelHandshake takes an invitation back, by the organization that made it.
func (s *Service) CancelHandshake(ctx context.Context, in *organizations.CancelHandshakeInput) (*organizations.CancelHandshakeOutput, error) {
	ended, err := s.closeHandshake(ctx, *in.HandshakeId, func(h *handshake) string { return h.Management }, types.HandshakeStateCanceled)
	if err != nil {
		return nil, err
	}
	return &organizations.CancelHandshakeOutput{Handshake: ended}, nil
}

func (s *Service) cancelHandshakeChecks(ctx context.Context, in *organizations.CancelHandshakeInput) ([]api.Check, error) {
	return s.on(ctx, "CancelHandshake", *in.HandshakeId)
}
