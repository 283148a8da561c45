package sessionmanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetConnectionStatus tells whether a session could be started on a node. A
// target that does not exist is not connected, as on AWS.
func (s *Service) GetConnectionStatus(ctx context.Context, in *ssm.GetConnectionStatusInput) (*ssm.GetConnectionStatusOutput, error) {
	call := api.CallFrom(ctx)
	out := &ssm.GetConnectionStatusOutput{Target: in.Target, Status: types.ConnectionStatusNotConnected}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		n, ok, err := s.ports.Nodes.Resolve(tx, store.In(call.Place()), *in.Target)
		if ok && s.ports.Channels.Connected(n.ID) {
			out.Status = types.ConnectionStatusConnected
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) getConnectionStatusChecks(ctx context.Context, in *ssm.GetConnectionStatusInput) ([]api.Check, error) {
	check, err := s.onNode(ctx, "ssm:GetConnectionStatus", *in.Target)
	return []api.Check{check}, err
}

// onNode is the check of an action on the node that a call names.
func (s *Service) onNode(ctx context.Context, action, target string) (api.Check, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	check := api.Check{Action: action, Resource: nodeARN(scope, target).String()}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		n, ok, err := s.ports.Nodes.Resolve(tx, scope, target)
		if ok {
			check.Resource, check.Tags = nodeARN(scope, n.ID).String(), n.Tags
		}
		return err
	})
	return check, err
}
