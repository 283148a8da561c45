package managednodes

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
)

// DescribeInstanceInformation lists the managed nodes that have reported.
func (s *Service) DescribeInstanceInformation(ctx context.Context, in *ssm.DescribeInstanceInformationInput) (*ssm.DescribeInstanceInformationOutput, error) {
	filters, err := informationFilters(in)
	if err != nil {
		return nil, err
	}
	found, next, err := reported(ctx, s, asked{"DescribeInstanceInformation", in.NextToken, in.MaxResults, 10}, filters, (*managedNode).describe)
	if err != nil {
		return nil, err
	}
	return &ssm.DescribeInstanceInformationOutput{InstanceInformationList: found, NextToken: next}, nil
}

// status is Online while the control channel is open, or the node polls: what
// AWS learns from missed pings is known here at once. Inactive is no longer in
// use. Source: Systems Manager API Reference, InstanceInformation, PingStatus.
func (s *Service) status(n *managedNode) types.PingStatus {
	if s.ports.Channels.Connected(n.ID) {
		return types.PingStatusOnline
	}
	return types.PingStatusConnectionLost
}

func (n *managedNode) describe(status types.PingStatus) types.InstanceInformation {
	source := n.ID
	if n.WorkspaceID != "" {
		source = n.WorkspaceID
	}
	return types.InstanceInformation{
		InstanceId: &n.ID, PingStatus: status, LastPingDateTime: &n.LastPing,
		AgentVersion: optional(n.AgentVersion), PlatformType: types.PlatformType(n.PlatformType),
		PlatformName: optional(n.PlatformName), PlatformVersion: optional(n.PlatformVersion),
		ActivationId: &n.ActivationID, IamRole: &n.Role, RegistrationDate: &n.Registered,
		ResourceType: types.ResourceTypeManagedInstance, Name: optional(n.Name),
		IPAddress: optional(n.IPAddress), ComputerName: optional(n.ComputerName),
		SourceId: &source, SourceType: types.SourceTypeAwsSsmManagedinstance,
	}
}

func (s *Service) describeInstanceInformationChecks(context.Context, *ssm.DescribeInstanceInformationInput) ([]api.Check, error) {
	return api.OnAny("ssm:DescribeInstanceInformation"), nil
}
