package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeHandshake shows an invitation to either side.
func (s *Service) DescribeHandshake(ctx context.Context, in *organizations.DescribeHandshakeInput) (*organizations.DescribeHandshakeOutput, error) {
	call := api.CallFrom(ctx)
	out := &organizations.DescribeHandshakeOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		h, err := wantHandshake(tx, *in.HandshakeId, call.Account)
		if err == nil {
			out.Handshake = h.shown(call.Time)
		}
		return err
	})
	return out, err
}

func (s *Service) describeHandshakeChecks(ctx context.Context, in *organizations.DescribeHandshakeInput) ([]api.Check, error) {
	return s.on(ctx, "DescribeHandshake", *in.HandshakeId)
}
