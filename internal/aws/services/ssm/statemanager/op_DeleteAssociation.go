package statemanager

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteAssociation ends an association; what it did on nodes stays. Its
// history is removed by and by.
func (s *Service) DeleteAssociation(ctx context.Context, in *ssm.DeleteAssociationInput) (*ssm.DeleteAssociationOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		a, err := s.named(tx, scope, in.AssociationId, in.Name, in.InstanceId)
		if err != nil {
			return err
		}
		st, err := stand(tx, scope, a.ID) // one that was never matched has none yet
		if err != nil {
			return err
		}
		st.Next, st.Owed = time.Time{}, false
		if err := standings.Put(tx, scope, st); err != nil {
			return err
		}
		return associations.Delete(tx, scope, a.ID)
	})
	if err != nil {
		return nil, err
	}
	return &ssm.DeleteAssociationOutput{}, nil
}

func (s *Service) deleteAssociationChecks(ctx context.Context, in *ssm.DeleteAssociationInput) ([]api.Check, error) {
	return s.onNamed(ctx, "ssm:DeleteAssociation", in.AssociationId, in.Name, in.InstanceId)
}
