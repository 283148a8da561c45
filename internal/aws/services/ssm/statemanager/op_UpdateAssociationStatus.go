package statemanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateAssociationStatus sets the status of an association in the old form.
func (s *Service) UpdateAssociationStatus(ctx context.Context, in *ssm.UpdateAssociationStatusInput) (*ssm.UpdateAssociationStatusOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	given := in.AssociationStatus
	out := &ssm.UpdateAssociationStatusOutput{}
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		a, err := s.named(tx, scope, nil, in.Name, in.InstanceId)
		if err != nil {
			return err
		}
		set := &legacyStatus{Name: string(given.Name), Message: *given.Message, Info: str(given.AdditionalInfo), Date: given.Date.UTC()}
		if a.Legacy != nil && *a.Legacy == *set {
			return &types.StatusUnchanged{Message: new("The updated status is the same as the current status.")}
		}
		a.Legacy = set
		if err := associations.Put(tx, scope, a); err != nil {
			return err
		}
		st, err := stand(tx, scope, a.ID)
		out.AssociationDescription = a.describe(st)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) updateAssociationStatusChecks(ctx context.Context, in *ssm.UpdateAssociationStatusInput) ([]api.Check, error) {
	checks, err := s.onNamed(ctx, "ssm:UpdateAssociationStatus", nil, in.Name, in.InstanceId)
	for i := range checks { // the SSM Agent does it for its own node
		checks[i].Keys = map[string]string{api.KeyNode: *in.InstanceId}
	}
	return checks, err
}
