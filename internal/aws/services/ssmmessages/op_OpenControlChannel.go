package ssmmessages

import (
	"context"
	"net"

	"tamachi/internal/aws/api"
)

// OpenControlChannelInput names the node in its path.
type OpenControlChannelInput struct {
	InstanceId, Role, Stream *string
}

// OpenControlChannel hands the connection over to the gateway.
func (s *Service) OpenControlChannel(ctx context.Context, in *OpenControlChannelInput) (*api.Conversation, error) {
	if err := s.own(ctx, *in.InstanceId); err != nil {
		return nil, err
	}
	node := *in.InstanceId
	return &api.Conversation{Serve: func(ctx context.Context, conn net.Conn) {
		// Why a channel ended is the gateway's to log.
		_ = s.ports.Channels.Attach(ctx, node, conn)
	}}, nil
}

func (s *Service) openControlChannelChecks(_ context.Context, in *OpenControlChannelInput) ([]api.Check, error) {
	return onNode("ssmmessages:OpenControlChannel", *in.InstanceId), nil
}
