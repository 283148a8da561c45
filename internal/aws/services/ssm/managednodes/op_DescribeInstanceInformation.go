package managednodes

import (
	"cmp"
	"context"
	"time"

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
	found, next, err := reported(ctx, s, asked{"DescribeInstanceInformation", in.NextToken, in.MaxResults, 10}, filters, facts.describe)
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

// source is the id that the node has where it comes from.
func (n *managedNode) source() string { return cmp.Or(n.WorkspaceID, n.ID) }

func (n facts) describe() types.InstanceInformation {
	source := n.source()
	return types.InstanceInformation{
		InstanceId: &n.ID, PingStatus: n.status, LastPingDateTime: &n.LastPing,
		AgentVersion: api.Optional(n.AgentVersion), PlatformType: types.PlatformType(n.PlatformType),
		PlatformName: api.Optional(n.PlatformName), PlatformVersion: api.Optional(n.PlatformVersion),
		ActivationId: &n.ActivationID, IamRole: &n.Role, RegistrationDate: &n.Registered,
		ResourceType: types.ResourceTypeManagedInstance, Name: api.Optional(n.Name),
		IPAddress: api.Optional(n.IPAddress), ComputerName: api.Optional(n.ComputerName),
		SourceId: &source, SourceType: types.SourceTypeAwsSsmManagedinstance,
		AssociationStatus: api.Optional(n.standing.Status), AssociationOverview: n.standing.overview(),
		LastAssociationExecutionDate: when(n.standing.LastRun), LastSuccessfulAssociationExecutionDate: when(n.standing.LastSuccess),
	}
}

func (s Standing) overview() *types.InstanceAggregatedAssociationOverview {
	if s.Status == "" {
		return nil
	}
	o := &types.InstanceAggregatedAssociationOverview{DetailedStatus: &s.Details, InstanceAssociationStatusAggregatedCount: map[string]int32{}}
	for details, n := range s.Counts {
		o.InstanceAssociationStatusAggregatedCount[details] = int32(n) //nolint:gosec // at most 2,000 associations
	}
	return o
}

// when is a time that is left out when it is zero.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (s *Service) describeInstanceInformationChecks(context.Context, *ssm.DescribeInstanceInformationInput) ([]api.Check, error) {
	return api.OnAny("ssm:DescribeInstanceInformation"), nil
}
