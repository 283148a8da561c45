package managednodes

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateInstanceInformationInput is an agent's report of itself.
type UpdateInstanceInformationInput struct {
	AgentName, AgentStatus, AgentVersion        *string
	AvailabilityZone, AvailabilityZoneId        *string
	ComputerName, IPAddress, InstanceId         *string
	PlatformName, PlatformType, PlatformVersion *string
	SSMConnectionChannel                        *string
}

// UpdateInstanceInformationOutput is empty.
type UpdateInstanceInformationOutput struct{}

// UpdateInstanceInformation notes what a node says of itself. What the small
// form of the report leaves out stays as it was.
func (s *Service) UpdateInstanceInformation(ctx context.Context, in *UpdateInstanceInformationInput) (*UpdateInstanceInformationOutput, error) {
	call := api.CallFrom(ctx)
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		row, err := ownNode(tx, call)
		if err != nil {
			return err
		}
		n := row.Record
		if n.ID != *in.InstanceId {
			return &types.InvalidInstanceId{Message: text("A managed node can report only itself.")}
		}
		n.LastPing = call.Time
		keep(&n.AgentVersion, in.AgentVersion)
		keep(&n.ComputerName, in.ComputerName)
		keep(&n.IPAddress, in.IPAddress)
		keep(&n.PlatformName, in.PlatformName)
		keep(&n.PlatformType, in.PlatformType)
		keep(&n.PlatformVersion, in.PlatformVersion)
		return managedNodes.Put(tx, row.Scope, n)
	})
	if err != nil {
		return nil, err
	}
	return &UpdateInstanceInformationOutput{}, nil
}

func keep(field *string, given *string) {
	if given != nil && *given != "" {
		*field = *given
	}
}

func (s *Service) updateInstanceInformationChecks(ctx context.Context, in *UpdateInstanceInformationInput) ([]api.Check, error) {
	return onNode(ctx, "ssm:UpdateInstanceInformation", *in.InstanceId), nil
}
