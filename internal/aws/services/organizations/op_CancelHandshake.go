package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CancelHandshake takes an invitation back, by the organization that made it.
func (s *Service) CancelHandshake(ctx context.Context, in *organizations.CancelHandshakeInput) (*organizations.CancelHandshakeOutput, error) {
	call := api.CallFrom(ctx)
	out := &organizations.CancelHandshakeOutput{}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		h, err := wantHandshake(tx, *in.HandshakeId, call.Account)
		if err != nil {
			return err
		}
		if h.Management != call.Account {
			return denied()
		}
		if err := h.end(call.Time, types.HandshakeStateCanceled); err != nil {
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

func (s *Service) cancelHandshakeChecks(ctx context.Context, in *organizations.CancelHandshakeInput) ([]api.Check, error) {
	return s.on(ctx, "CancelHandshake", *in.HandshakeId)
}
