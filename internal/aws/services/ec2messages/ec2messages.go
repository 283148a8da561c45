// Package ec2messages is the room of the agents' older way to get commands: a
// long poll, acknowledgements and replies by calls. Agents poll for the first
// minute after their start, and for good where their role does not let them
// open a control channel.
//
// It keeps nothing: what waits for a node is with the delivery engine, which
// sends it again until it is acknowledged.
//
// There is no public model of this service; source: the SSM Agent's wire.
package ec2messages

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/nodes"
)

// Ports is what the room asks of the house.
type Ports struct {
	Nodes Nodes
	Mail  Mail
}

// Nodes knows the managed nodes; the ssm wing does.
type Nodes interface {
	Registered(ctx context.Context, account, region, node string) (bool, error)
}

// Mail holds what waits for nodes that poll; the gateway does.
type Mail interface {
	// Poll waits until there are jobs for the node, for 18 seconds at most.
	Poll(ctx context.Context, node string) ([]nodes.Job, error)
	// Acknowledge notes that the node took a job, or why it did not.
	Acknowledge(ctx context.Context, node, job string, status nodes.AckStatus) error
	// Reply notes what the node says of a job; nodes.ErrMalformed if that
	// cannot be read.
	Reply(ctx context.Context, node, job string, content []byte) error
	// Forget drops a job that waits.
	Forget(node, job string)
}

// Service is the room.
type Service struct{ ports Ports }

// New returns the room over its ports.
func New(ports Ports) *Service { return &Service{ports: ports} }

// Name is the name of the model table.
func (s *Service) Name() string { return "ec2messages" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Data("AcknowledgeMessage", s.AcknowledgeMessage, s.acknowledgeMessageChecks),
		api.Data("DeleteMessage", s.DeleteMessage, s.deleteMessageChecks),
		api.Data("FailMessage", s.FailMessage, s.failMessageChecks),
		api.Data("GetMessages", s.GetMessages, s.getMessagesChecks),
		api.Data("SendReply", s.SendReply, s.sendReplyChecks),
	}
}

var errDenied = &smithy.GenericAPIError{Code: "AccessDeniedException", Message: "Messages are for their own managed node only."}

// own refuses everyone but a registered node that acts for itself; this also
// keeps an administrator from posing as one.
func (s *Service) own(ctx context.Context, node string) error {
	call := api.CallFrom(ctx)
	if call.Caller.Type != api.AssumedRole || call.Caller.Node == "" || call.Caller.Node != node {
		return errDenied
	}
	there, err := s.ports.Nodes.Registered(ctx, call.Account, call.Region, node)
	if err == nil && !there {
		return errDenied
	}
	return err
}

// addressee is the node of a message: the last part of its id.
func addressee(message string) string { return message[strings.LastIndexByte(message, '.')+1:] }

// onNode is the check of all operations; the key binds a node to itself.
func onNode(action, node string) []api.Check {
	return []api.Check{{Action: action, Resource: "*", Keys: map[string]string{api.KeyNode: node}}}
}

// malformed makes a modelled error of a reply that cannot be read.
func malformed(err error) error {
	if errors.Is(err, nodes.ErrMalformed) {
		return &smithy.GenericAPIError{Code: "InvalidReplyException", Message: "The reply cannot be read."}
	}
	return err
}
