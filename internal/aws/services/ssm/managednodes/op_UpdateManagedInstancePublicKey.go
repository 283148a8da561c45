package managednodes

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateManagedInstancePublicKeyInput is signed with the key that it replaces.
type UpdateManagedInstancePublicKeyInput struct{ NewPublicKey, NewPublicKeyType *string }

// UpdateManagedInstancePublicKeyOutput is empty.
type UpdateManagedInstancePublicKeyOutput struct{}

// UpdateManagedInstancePublicKey replaces a node's key.
func (s *Service) UpdateManagedInstancePublicKey(ctx context.Context, in *UpdateManagedInstancePublicKeyInput) (*UpdateManagedInstancePublicKeyOutput, error) {
	call := api.CallFrom(ctx)
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		row, err := ownNode(tx, call)
		if err != nil {
			return err
		}
		if err := checkKey(*in.NewPublicKey); err != nil {
			return err
		}
		row.Record.PublicKey, row.Record.KeySet = *in.NewPublicKey, call.Time
		return managedNodes.Put(tx, row.Scope, row.Record)
	})
	if err != nil {
		return nil, err
	}
	return &UpdateManagedInstancePublicKeyOutput{}, nil
}

func (s *Service) updateManagedInstancePublicKeyChecks(ctx context.Context, _ *UpdateManagedInstancePublicKeyInput) ([]api.Check, error) {
	return onNode(ctx, "ssm:UpdateManagedInstancePublicKey", api.CallFrom(ctx).Caller.Node), nil
}
