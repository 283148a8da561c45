package patchmanager

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetPatchBaselineForPatchGroup names the baseline that counts for a patch
// group: its own, else the default.
func (s *Service) GetPatchBaselineForPatchGroup(ctx context.Context, in *ssm.GetPatchBaselineForPatchGroupInput) (*ssm.GetPatchBaselineForPatchGroupOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	os := cmp.Or(string(in.OperatingSystem), windows)
	var b *baseline
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		b, err = baselineFor(tx, scope, *in.PatchGroup, os)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ssm.GetPatchBaselineForPatchGroupOutput{BaselineId: new(b.shown(scope)), PatchGroup: in.PatchGroup, OperatingSystem: types.OperatingSystem(os)}, nil
}

func (s *Service) getPatchBaselineForPatchGroupChecks(context.Context, *ssm.GetPatchBaselineForPatchGroupInput) ([]api.Check, error) {
	return api.OnAny("ssm:GetPatchBaselineForPatchGroup"), nil
}
