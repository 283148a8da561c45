package managednodes

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateManagedInstanceRole gives a node another role. The credentials that it
// holds stay those of the old one until it renews them.
func (s *Service) UpdateManagedInstanceRole(ctx context.Context, in *ssm.UpdateManagedInstanceRoleInput) (*ssm.UpdateManagedInstanceRoleOutput, error) {
	call := api.CallFrom(ctx)
	if _, err := s.role(ctx, store.In(call.Place()), *in.IamRole); err != nil {
		return nil, err
	}
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		n, err := managedNodes.Get(tx, store.In(call.Place()), *in.InstanceId)
		if err != nil {
			return err
		}
		n.Role = *in.IamRole
		return managedNodes.Put(tx, store.In(call.Place()), n)
	})
	if missing(err) {
		return nil, &types.InvalidInstanceId{Message: text("The managed node " + *in.InstanceId + " is not registered.")}
	}
	if err != nil {
		return nil, err
	}
	return &ssm.UpdateManagedInstanceRoleOutput{}, nil
}

func (s *Service) updateManagedInstanceRoleChecks(ctx context.Context, in *ssm.UpdateManagedInstanceRoleInput) ([]api.Check, error) {
	return []api.Check{
		s.nodeCheck(ctx, "ssm:UpdateManagedInstanceRole", *in.InstanceId),
		passCheck(api.CallFrom(ctx).Account, *in.IamRole),
	}, nil
}
