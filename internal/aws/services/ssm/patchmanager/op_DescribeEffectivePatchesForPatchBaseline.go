package patchmanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeEffectivePatchesForPatchBaseline tells of the patches that nodes
// reported what a baseline says of each.
func (s *Service) DescribeEffectivePatchesForPatchBaseline(ctx context.Context, in *ssm.DescribeEffectivePatchesForPatchBaselineInput) (*ssm.DescribeEffectivePatchesForPatchBaselineOutput, error) {
	call := api.CallFrom(ctx)
	scope := store.In(call.Place())
	var b *baseline
	var all []*patch
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		if b, err = mustFind(tx, scope, *in.BaselineId); err != nil {
			return err
		}
		all, err = patches.By(tx, scope, "os", b.OS, store.Page{})
		return err
	})
	if err != nil {
		return nil, err
	}
	var effective []*patch
	for _, p := range all {
		if b.judge(p, call.Time).Status != "" {
			effective = append(effective, p)
		}
	}
	some, next, err := page("DescribeEffectivePatchesForPatchBaseline", effective, patches.Key, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &ssm.DescribeEffectivePatchesForPatchBaselineOutput{EffectivePatches: []types.EffectivePatch{}, NextToken: next}
	for _, p := range some {
		v := b.judge(p, call.Time)
		status := &types.PatchStatus{DeploymentStatus: v.Status, ComplianceLevel: types.PatchComplianceLevel(v.Level)}
		if !v.When.IsZero() {
			status.ApprovalDate = &v.When
		}
		out.EffectivePatches = append(out.EffectivePatches, types.EffectivePatch{Patch: p.describe(), PatchStatus: status})
	}
	return out, nil
}

func (s *Service) describeEffectivePatchesForPatchBaselineChecks(ctx context.Context, in *ssm.DescribeEffectivePatchesForPatchBaselineInput) ([]api.Check, error) {
	return s.onBaseline(ctx, "ssm:DescribeEffectivePatchesForPatchBaseline", *in.BaselineId)
}
