package ec2messages

import (
	"context"

	"tamachi/internal/aws/api"
)

// DeleteMessageInput names the message in its id, which ends with the node's.
type DeleteMessageInput struct {
	MessageId *string
}

// DeleteMessageOutput is empty.
type DeleteMessageOutput struct{}

// DeleteMessage drops a job that still waits for the node.
func (s *Service) DeleteMessage(ctx context.Context, in *DeleteMessageInput) (*DeleteMessageOutput, error) {
	node := addressee(*in.MessageId)
	if err := s.own(ctx, node); err != nil {
		return nil, err
	}
	s.ports.Mail.Forget(node, *in.MessageId)
	return &DeleteMessageOutput{}, nil
}

func (s *Service) deleteMessageChecks(_ context.Context, in *DeleteMessageInput) ([]api.Check, error) {
	return onNode("ec2messages:DeleteMessage", addressee(*in.MessageId)), nil
}
