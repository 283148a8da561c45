package patchmanager

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetDefaultPatchBaseline names the default of an operating system, Windows if
// none is given.
func (s *Service) GetDefaultPatchBaseline(ctx context.Context, in *ssm.GetDefaultPatchBaselineInput) (*ssm.GetDefaultPatchBaselineOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	os := cmp.Or(string(in.OperatingSystem), windows)
	var b *baseline
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		b, err = defaultOf(tx, scope, os)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ssm.GetDefaultPatchBaselineOutput{BaselineId: new(b.shown(scope)), OperatingSystem: types.OperatingSystem(os)}, nil
}

// getDefaultPatchBaselineChecks is on all baselines: which one is the default
// is the answer, not the question.
func (s *Service) getDefaultPatchBaselineChecks(ctx context.Context, _ *ssm.GetDefaultPatchBaselineInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	return []api.Check{{Action: "ssm:GetDefaultPatchBaseline", Resource: (&baseline{ID: "*"}).arn(store.In(call.Place())).String()}}, nil
}
