package tamachi

import (
	"context"

	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/nodes"
)

// CheckNodeInput is what a node says of the buckets that it finds by name:
// all, or some. Neither member given says nothing.
type CheckNodeInput struct {
	AllBuckets *bool
	Buckets    []string
}

// CheckNodeOutput is what the plane knows of the calling node.
type CheckNodeOutput struct {
	InstanceId, PingStatus, IamRole *string
}

// CheckNode tells a node how the plane sees it, for `tamachi node check`: the
// agents' own operations cannot say whether a node is online.
func (s *Service) CheckNode(ctx context.Context, in *CheckNodeInput) (*CheckNodeOutput, error) {
	call := api.CallFrom(ctx)
	if call.Caller.Node == "" {
		return nil, &smithy.GenericAPIError{Code: "AccessDeniedException", Message: "The caller is no managed node."}
	}
	var found *nodes.Buckets
	if in.AllBuckets != nil {
		found = &nodes.Buckets{All: *in.AllBuckets, Names: in.Buckets}
	}
	state, err := s.ports.Nodes.Reach(ctx, call.Account, call.Caller.Node, found)
	if err != nil {
		return nil, err
	}
	return &CheckNodeOutput{InstanceId: &call.Caller.Node, PingStatus: &state.Ping, IamRole: &state.Role}, nil
}

// checkNodeChecks asks for what every node may: to report itself.
func (s *Service) checkNodeChecks(ctx context.Context, _ *CheckNodeInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	return []api.Check{{
		Action: "ssm:UpdateInstanceInformation", Resource: arn.New("ssm", call.Region, call.Account, "managed-instance/"+call.Caller.Node).String(),
		Keys: map[string]string{api.KeyNode: call.Caller.Node},
	}}, nil
}
