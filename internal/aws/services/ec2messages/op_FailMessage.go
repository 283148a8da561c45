package ec2messages

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/nodes"
)

// FailMessageInput names the message in its id, which ends with the node's.
type FailMessageInput struct {
	MessageId, FailureType *string
}

// FailMessageOutput is empty.
type FailMessageOutput struct{}

// FailMessage notes that the node cannot handle a job.
func (s *Service) FailMessage(ctx context.Context, in *FailMessageInput) (*FailMessageOutput, error) {
	node := addressee(*in.MessageId)
	if err := s.own(ctx, node); err != nil {
		return nil, err
	}
	if err := s.ports.Mail.Acknowledge(ctx, node, *in.MessageId, nodes.AckFailed); err != nil {
		return nil, err
	}
	return &FailMessageOutput{}, nil
}

func (s *Service) failMessageChecks(_ context.Context, in *FailMessageInput) ([]api.Check, error) {
	return onNode("ec2messages:FailMessage", addressee(*in.MessageId)), nil
}
