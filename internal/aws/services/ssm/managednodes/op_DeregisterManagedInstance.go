package managednodes

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeregisterManagedInstance forgets a node: its key proves nothing any more
// and its channel is closed.
func (s *Service) DeregisterManagedInstance(ctx context.Context, in *ssm.DeregisterManagedInstanceInput) (*ssm.DeregisterManagedInstanceOutput, error) {
	call := api.CallFrom(ctx)
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		return managedNodes.Delete(tx, store.In(call.Place()), *in.InstanceId)
	})
	if missing(err) {
		return nil, &types.InvalidInstanceId{Message: text("The managed node " + *in.InstanceId + " is not registered.")}
	}
	if err != nil {
		return nil, err
	}
	s.ports.Channels.Disconnect(*in.InstanceId)
	return &ssm.DeregisterManagedInstanceOutput{}, nil
}

func (s *Service) deregisterManagedInstanceChecks(ctx context.Context, in *ssm.DeregisterManagedInstanceInput) ([]api.Check, error) {
	return []api.Check{s.nodeCheck(ctx, "ssm:DeregisterManagedInstance", *in.InstanceId)}, nil
}
