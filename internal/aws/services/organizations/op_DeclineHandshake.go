package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeclineHandshake refuses an invitation, by the account that was invited.
func (s *Service) DeclineHandshake(ctx context.Context, in *organizations.DeclineHandshakeInput) (*organizations.DeclineHandshakeOutput, error) {
	call := api.CallFrom(ctx)
	out := &organizations.DeclineHandshakeOutput{}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		h, err := wantHandshake(tx, *in.HandshakeId, call.Account)
		if err != nil {
			return err
		}
		if h.Account != call.Account {
			return denied()
		}
		if err := h.end(call.Time, types.HandshakeStateDeclined); err != nil {
			return err
		}
		out.Handshake = h.shown(call.Time)
		return handshakes.Put(tx, store.Scope{}, h)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) declineHandshakeChecks(ctx context.Context, in *organizations.DeclineHandshakeInput) ([]api.Check, error) {
	return s.on(ctx, "DeclineHandshake", *in.HandshakeId)
}
