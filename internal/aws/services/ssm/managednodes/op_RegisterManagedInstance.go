package managednodes

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// RegisterManagedInstanceInput is what an agent sends once; it is not signed.
// Source: the SSM Agent's wire, as all of the agents' operations.
type RegisterManagedInstanceInput struct {
	ActivationCode, ActivationId, PublicKey, PublicKeyType, Fingerprint *string
}

// RegisterManagedInstanceOutput names the new node.
type RegisterManagedInstanceOutput struct{ InstanceId *string }

// RegisterManagedInstance makes a managed node for whoever shows an
// activation. The activation says to which account and Region it belongs.
func (s *Service) RegisterManagedInstance(ctx context.Context, in *RegisterManagedInstanceInput) (*RegisterManagedInstanceOutput, error) {
	if err := checkKey(*in.PublicKey); err != nil {
		return nil, err
	}
	now, fresh := api.CallFrom(ctx).Time, "mi-"+s.ids.Hex(17)
	var id string
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		row, err := findActivation(tx, *in.ActivationId)
		if err != nil {
			return err
		}
		a := row.Record
		if err := a.admits(*in.ActivationCode, now); err != nil {
			return err
		}
		known, err := managedNodes.By(tx, row.Scope, "machine", machine(a.ID, *in.Fingerprint), store.Page{})
		if err != nil {
			return err
		}
		for _, n := range known {
			if n.PublicKey == *in.PublicKey && n.Fingerprint == *in.Fingerprint {
				id = n.ID // the same machine, whose answer was lost
				return nil
			}
		}
		if err := a.use(); err != nil {
			return err
		}
		if err := activations.Put(tx, row.Scope, a); err != nil {
			return err
		}
		id = fresh
		return managedNodes.Put(tx, row.Scope, &managedNode{
			ID: id, ActivationID: a.ID, WorkspaceID: a.WorkspaceID, Name: a.Name, Role: a.Role, Tags: a.Tags,
			PublicKey: *in.PublicKey, KeySet: now, Fingerprint: *in.Fingerprint, Registered: now,
		})
	})
	if err != nil {
		return nil, err
	}
	return &RegisterManagedInstanceOutput{InstanceId: &id}, nil
}
