package patchmanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeletePatchBaseline deletes a baseline that is nobody's. One that there is
// not counts as deleted, as on AWS.
func (s *Service) DeletePatchBaseline(ctx context.Context, in *ssm.DeletePatchBaselineInput) (*ssm.DeletePatchBaselineOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		b, ok, err := find(tx, scope, *in.BaselineId)
		if err != nil || !ok {
			return err
		}
		if b.Predefined {
			return invalid("A patch baseline of AWS can't be deleted.")
		}
		d, err := defaultOf(tx, scope, b.OS)
		if err != nil {
			return err
		}
		if d.ID == b.ID {
			return &types.ResourceInUseException{Message: new("The patch baseline " + b.ID + " is the default for " + b.OS + ".")}
		}
		used, err := groups.By(tx, scope, "baseline", b.ID, store.Page{Limit: 1})
		if err != nil {
			return err
		}
		if len(used) > 0 {
			return &types.ResourceInUseException{Message: new("The patch baseline " + b.ID + " is registered for the patch group " + used[0].Group + ".")}
		}
		return baselines.Delete(tx, scope, b.ID)
	})
	if err != nil {
		return nil, err
	}
	return &ssm.DeletePatchBaselineOutput{BaselineId: in.BaselineId}, nil
}

func (s *Service) deletePatchBaselineChecks(ctx context.Context, in *ssm.DeletePatchBaselineInput) ([]api.Check, error) {
	return s.onBaseline(ctx, "ssm:DeletePatchBaseline", *in.BaselineId)
}
