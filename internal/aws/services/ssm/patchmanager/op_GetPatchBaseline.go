package patchmanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetPatchBaseline tells all of one baseline.
func (s *Service) GetPatchBaseline(ctx context.Context, in *ssm.GetPatchBaselineInput) (*ssm.GetPatchBaselineOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	var b *baseline
	patchGroups := []string{}
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		if b, err = mustFind(tx, scope, *in.BaselineId); err != nil {
			return err
		}
		all, err := groups.By(tx, scope, "baseline", b.ID, store.Page{})
		for _, g := range all {
			patchGroups = append(patchGroups, g.Group)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ssm.GetPatchBaselineOutput{
		BaselineId: new(b.shown(scope)), Name: &b.Name, OperatingSystem: types.OperatingSystem(b.OS), Description: api.Optional(b.Description),
		GlobalFilters: filterGroup(b.Global), ApprovalRules: b.rules(), ApprovedPatches: listed(b.Approved), RejectedPatches: listed(b.Rejected),
		ApprovedPatchesComplianceLevel: types.PatchComplianceLevel(b.Level), ApprovedPatchesEnableNonSecurity: &b.NonSecurity,
		RejectedPatchesAction: types.PatchAction(b.Action), Sources: b.sources(), CreatedDate: &b.Created, ModifiedDate: &b.Modified,
		AvailableSecurityUpdatesComplianceStatus: types.PatchComplianceStatus(b.Available), PatchGroups: patchGroups,
	}, nil
}

func (s *Service) getPatchBaselineChecks(ctx context.Context, in *ssm.GetPatchBaselineInput) ([]api.Check, error) {
	return s.onBaseline(ctx, "ssm:GetPatchBaseline", *in.BaselineId)
}
