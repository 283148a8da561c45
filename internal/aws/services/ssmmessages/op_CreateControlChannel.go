package ssmmessages

import (
	"context"

	"tamachi/internal/aws/api"
)

// CreateControlChannelInput names the node in its path.
type CreateControlChannelInput struct {
	InstanceId, MessageSchemaVersion, RequestId *string
}

// CreateControlChannelOutput carries the token for the channel's first frame.
type CreateControlChannelOutput struct {
	MessageSchemaVersion, TokenValue *string
}

// CreateControlChannel makes the token with which the node opens its channel.
func (s *Service) CreateControlChannel(ctx context.Context, in *CreateControlChannelInput) (*CreateControlChannelOutput, error) {
	if err := s.own(ctx, *in.InstanceId); err != nil {
		return nil, err
	}
	version, token := "1.0", s.ports.Channels.Token(*in.InstanceId)
	return &CreateControlChannelOutput{MessageSchemaVersion: &version, TokenValue: &token}, nil
}

func (s *Service) createControlChannelChecks(_ context.Context, in *CreateControlChannelInput) ([]api.Check, error) {
	return onNode("ssmmessages:CreateControlChannel", *in.InstanceId), nil
}
