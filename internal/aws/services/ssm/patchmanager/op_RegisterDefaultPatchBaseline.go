package patchmanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// RegisterDefaultPatchBaseline makes a baseline the one of its operating
// system.
func (s *Service) RegisterDefaultPatchBaseline(ctx context.Context, in *ssm.RegisterDefaultPatchBaselineInput) (*ssm.RegisterDefaultPatchBaselineOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		b, err := mustFind(tx, scope, *in.BaselineId)
		if err != nil {
			return err
		}
		return defaults.Put(tx, scope, &standard{OS: b.OS, Baseline: b.ID})
	})
	if err != nil {
		return nil, err
	}
	return &ssm.RegisterDefaultPatchBaselineOutput{BaselineId: in.BaselineId}, nil
}

func (s *Service) registerDefaultPatchBaselineChecks(ctx context.Context, in *ssm.RegisterDefaultPatchBaselineInput) ([]api.Check, error) {
	return s.onBaseline(ctx, "ssm:RegisterDefaultPatchBaseline", *in.BaselineId)
}
