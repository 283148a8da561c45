package ssmmessages

import (
	"context"

	"tamachi/internal/aws/api"
)

// CreateDataChannelInput names the session in its path.
type CreateDataChannelInput struct {
	SessionId, MessageSchemaVersion, RequestId, ClientId *string
}

// CreateDataChannelOutput carries the token for the channel's first frame.
type CreateDataChannelOutput struct {
	MessageSchemaVersion, TokenValue *string
}

// CreateDataChannel makes the token with which the node of a session opens its
// side of it.
func (s *Service) CreateDataChannel(ctx context.Context, in *CreateDataChannelInput) (*CreateDataChannelOutput, error) {
	one, err := s.session(ctx, *in.SessionId)
	if err != nil {
		return nil, err
	}
	if err := s.own(ctx, one.Node); err != nil {
		return nil, err
	}
	version, token := "1.0", s.ports.Sessions.NodeToken(one.ID)
	return &CreateDataChannelOutput{MessageSchemaVersion: &version, TokenValue: &token}, nil
}

func (s *Service) createDataChannelChecks(ctx context.Context, in *CreateDataChannelInput) ([]api.Check, error) {
	node, err := s.nodeOf(ctx, *in.SessionId)
	return onNode("ssmmessages:CreateDataChannel", node), err
}
