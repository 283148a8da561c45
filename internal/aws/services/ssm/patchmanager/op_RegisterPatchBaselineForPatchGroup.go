package patchmanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// maxGroups is how many patch groups a baseline may have (General Reference,
// "Systems Manager endpoints and quotas").
const maxGroups = 25

// RegisterPatchBaselineForPatchGroup makes a baseline the one of a patch group,
// for the baseline's operating system.
func (s *Service) RegisterPatchBaselineForPatchGroup(ctx context.Context, in *ssm.RegisterPatchBaselineForPatchGroupInput) (*ssm.RegisterPatchBaselineForPatchGroupOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		b, err := mustFind(tx, scope, *in.BaselineId)
		if err != nil {
			return err
		}
		g := &group{Group: *in.PatchGroup, OS: b.OS, Baseline: b.ID}
		have, err := groups.Get(tx, scope, groups.Key(g))
		if err != nil && !missing(err) {
			return err
		}
		if have != nil {
			return &types.AlreadyExistsException{Message: new("Patch Group baseline already has a baseline registered for OperatingSystem " + b.OS + ".")}
		}
		used, err := groups.By(tx, scope, "baseline", b.ID, store.Page{})
		if err != nil {
			return err
		}
		if len(used) >= maxGroups {
			return &types.ResourceLimitExceededException{Message: new("A patch baseline can be registered for 25 patch groups.")}
		}
		return groups.Put(tx, scope, g)
	})
	if err != nil {
		return nil, err
	}
	return &ssm.RegisterPatchBaselineForPatchGroupOutput{BaselineId: in.BaselineId, PatchGroup: in.PatchGroup}, nil
}

func (s *Service) registerPatchBaselineForPatchGroupChecks(ctx context.Context, in *ssm.RegisterPatchBaselineForPatchGroupInput) ([]api.Check, error) {
	return s.onBaseline(ctx, "ssm:RegisterPatchBaselineForPatchGroup", *in.BaselineId)
}
