package ssmmessages

import (
	"context"
	"net"

	"tamachi/internal/aws/api"
)

// OpenDataChannelInput names the session in its path.
type OpenDataChannelInput struct {
	SessionId, Role *string
}

// OpenDataChannel hands the connection over to the gateway: as the node's side
// for a node, as the client's for anyone else. The plugin of some versions
// signs and of others does not; either way the token of its first frame is
// what opens the session.
func (s *Service) OpenDataChannel(ctx context.Context, in *OpenDataChannelInput) (*api.Conversation, error) {
	session, node := *in.SessionId, ""
	call := api.CallFrom(ctx)
	if signed := call.Caller.Account != ""; signed && (call.Caller.Node != "" || !s.ports.Sessions.Awaits(session)) {
		one, err := s.session(ctx, session)
		if err != nil {
			return nil, err
		}
		if call.Caller.Node != "" {
			if err := s.own(ctx, one.Node); err != nil {
				return nil, err
			}
			node = one.Node
		}
	}
	return &api.Conversation{Serve: func(ctx context.Context, conn net.Conn) {
		// Why a channel ended is the gateway's to log.
		_ = s.ports.Sessions.AttachSession(ctx, session, node, conn)
	}}, nil
}

// openDataChannelChecks binds a node to its own sessions. A customer who signs
// was given the right with the session's token: only an explicit deny stands
// against it.
func (s *Service) openDataChannelChecks(ctx context.Context, in *OpenDataChannelInput) ([]api.Check, error) {
	one, err := s.find(ctx, *in.SessionId)
	if err != nil {
		return nil, err
	}
	check := onNode("ssmmessages:OpenDataChannel", one.Node)
	call := api.CallFrom(ctx)
	own := one.Account != "" && one.Account == call.Caller.Account
	over := one.ID == "" && s.ports.Sessions.Awaits(*in.SessionId)
	check[0].Granted = call.Caller.Node == "" && (own || over)
	return check, nil
}
