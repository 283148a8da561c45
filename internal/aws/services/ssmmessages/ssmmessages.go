// Package ssmmessages is the room of the agents' message gateway: it opens
// control channels, and the data channels of sessions. A channel is opened in
// two steps, a token and an upgrade, and a node can open its own only: the id
// in the path is compared with the caller's in both, and the token of the first
// frame belongs to that node. A session's client has its token from
// StartSession or ResumeSession, and needs no signature.
//
// There is no public model of this service; source: the SSM Agent's wire.
package ssmmessages

import (
	"context"
	"errors"
	"net"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/nodes"
)

// Ports is what the room asks of the house.
type Ports struct {
	Nodes    Nodes
	Channels Channels
	Sessions Sessions
}

// Nodes knows the managed nodes; the ssm wing does.
type Nodes interface {
	Registered(ctx context.Context, account, region, node string) (bool, error)
}

// Channels serves control channels; the gateway does.
type Channels interface {
	// Token makes the single-use token that the node's next channel must show.
	Token(node string) string
	// Attach serves a channel until it ends; it owns conn.
	Attach(ctx context.Context, node string, conn net.Conn) error
}

// Sessions serves the data channels of sessions; the gateway does.
type Sessions interface {
	// Session finds a session that is not over, or nodes.ErrNoSession.
	Session(ctx context.Context, id string) (nodes.Session, error)
	// NodeToken makes the single-use token that the node's next data channel
	// must show.
	NodeToken(session string) string
	// Awaits tells whether a client holds a token of a session, which may be
	// over: it is to learn how it ended.
	Awaits(session string) bool
	// AttachSession serves a data channel until it ends; it owns conn. node is
	// empty for a client.
	AttachSession(ctx context.Context, session, node string, conn net.Conn) error
}

// Service is the room. It keeps nothing.
type Service struct{ ports Ports }

// New returns the room over its ports.
func New(ports Ports) *Service { return &Service{ports: ports} }

// Name is the name of the model table.
func (s *Service) Name() string { return "ssmmessages" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Data("CreateControlChannel", s.CreateControlChannel, s.createControlChannelChecks),
		api.Data("CreateDataChannel", s.CreateDataChannel, s.createDataChannelChecks),
		api.Guest("OpenDataChannel", s.OpenDataChannel, s.openDataChannelChecks),
		api.Stream("OpenControlChannel", s.OpenControlChannel, s.openControlChannelChecks),
	}
}

// own refuses everyone but a registered node that acts for itself. The gate
// binds nodes to themselves; this also keeps an administrator from posing as
// one.
func (s *Service) own(ctx context.Context, node string) error {
	call := api.CallFrom(ctx)
	denied := &smithy.GenericAPIError{Code: "AccessDeniedException", Message: "A control channel can be opened by its own managed node only."}
	if call.Caller.Type != api.AssumedRole || call.Caller.Node != node {
		return denied
	}
	there, err := s.ports.Nodes.Registered(ctx, call.Account, call.Region, node)
	if err == nil && !there {
		return denied
	}
	return err
}

// session finds a session for its node; one that there is not is nobody's.
func (s *Service) session(ctx context.Context, id string) (nodes.Session, error) {
	one, err := s.find(ctx, id)
	if err == nil && one.ID == "" {
		err = &smithy.GenericAPIError{Code: "AccessDeniedException", Message: "There is no such session of this managed node."}
	}
	return one, err
}

// find is session without the error: the zero Session where there is none.
func (s *Service) find(ctx context.Context, id string) (nodes.Session, error) {
	one, err := s.ports.Sessions.Session(ctx, id)
	if errors.Is(err, nodes.ErrNoSession) {
		return nodes.Session{}, nil
	}
	return one, err
}

// nodeOf is the node of a session, "" where there is none.
func (s *Service) nodeOf(ctx context.Context, id string) (string, error) {
	one, err := s.find(ctx, id)
	return one.Node, err
}

// onNode is the check of all operations; the key binds a node to itself.
func onNode(action, node string) []api.Check {
	return []api.Check{{Action: action, Resource: "*", Keys: map[string]string{api.KeyNode: node}}}
}
