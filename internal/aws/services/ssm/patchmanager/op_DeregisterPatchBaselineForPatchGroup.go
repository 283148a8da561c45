package patchmanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeregisterPatchBaselineForPatchGroup gives a patch group's nodes back to the
// default baseline.
func (s *Service) DeregisterPatchBaselineForPatchGroup(ctx context.Context, in *ssm.DeregisterPatchBaselineForPatchGroupInput) (*ssm.DeregisterPatchBaselineForPatchGroupOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		used, err := groups.By(tx, scope, "baseline", bare(*in.BaselineId), store.Page{})
		if err != nil {
			return err
		}
		for _, g := range used {
			if g.Group == *in.PatchGroup {
				return groups.Delete(tx, scope, groups.Key(g))
			}
		}
		return &types.InvalidResourceId{Message: new("The patch baseline " + *in.BaselineId + " isn't registered for the patch group " + *in.PatchGroup + ".")}
	})
	if err != nil {
		return nil, err
	}
	return &ssm.DeregisterPatchBaselineForPatchGroupOutput{BaselineId: in.BaselineId, PatchGroup: in.PatchGroup}, nil
}

func (s *Service) deregisterPatchBaselineForPatchGroupChecks(ctx context.Context, in *ssm.DeregisterPatchBaselineForPatchGroupInput) ([]api.Check, error) {
	return s.onBaseline(ctx, "ssm:DeregisterPatchBaselineForPatchGroup", *in.BaselineId)
}
