package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeclineHandshake refuses what the caller's account was asked.
func (s *Service) DeclineHandshake(ctx context.Context, in *organizations.DeclineHandshakeInput) (*organizations.DeclineHandshakeOutput, error) {
	ended, err := s.closeHandshake(ctx, *in.HandshakeId, asked, types.HandshakeStateDeclined, func(*store.Tx, *handshake) error { return nil })
	if err != nil {
		return nil, err
	}
	return &organizations.DeclineHandshakeOutput{Handshake: ended}, nil
}

func (s *Service) declineHandshakeChecks(ctx context.Context, in *organizations.DeclineHandshakeInput) ([]api.Check, error) {
	return s.on(ctx, "DeclineHandshake", *in.HandshakeId)
}
