package ec2messages

import (
	"context"

	"tamachi/internal/aws/api"
)

// SendReplyInput names the message in its id, which ends with the node's.
type SendReplyInput struct {
	MessageId, Payload, ReplyId *string
}

// SendReplyOutput is empty.
type SendReplyOutput struct{}

// SendReply takes what the node says of a job. It is answered once that is
// durable; a reply may come more than once.
func (s *Service) SendReply(ctx context.Context, in *SendReplyInput) (*SendReplyOutput, error) {
	node := addressee(*in.MessageId)
	if err := s.own(ctx, node); err != nil {
		return nil, err
	}
	if err := s.ports.Mail.Reply(ctx, node, *in.MessageId, []byte(*in.Payload)); err != nil {
		return nil, malformed(err)
	}
	return &SendReplyOutput{}, nil
}

func (s *Service) sendReplyChecks(_ context.Context, in *SendReplyInput) ([]api.Check, error) {
	return onNode("ec2messages:SendReply", addressee(*in.MessageId)), nil
}
