package ec2messages

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/nodes"
)

// AcknowledgeMessageInput names the message in its id, which ends with the node's.
type AcknowledgeMessageInput struct {
	MessageId *string
}

// AcknowledgeMessageOutput is empty.
type AcknowledgeMessageOutput struct{}

// AcknowledgeMessage notes that the node took a job.
func (s *Service) AcknowledgeMessage(ctx context.Context, in *AcknowledgeMessageInput) (*AcknowledgeMessageOutput, error) {
	node := addressee(*in.MessageId)
	if err := s.own(ctx, node); err != nil {
		return nil, err
	}
	if err := s.ports.Mail.Acknowledge(ctx, node, *in.MessageId, nodes.AckAccepted); err != nil {
		return nil, err
	}
	return &AcknowledgeMessageOutput{}, nil
}

func (s *Service) acknowledgeMessageChecks(_ context.Context, in *AcknowledgeMessageInput) ([]api.Check, error) {
	return onNode("ec2messages:AcknowledgeMessage", addressee(*in.MessageId)), nil
}
