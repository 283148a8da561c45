package ec2messages

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"tamachi/internal/aws/api"
)

// GetMessagesInput names the node that polls.
type GetMessagesInput struct {
	Destination, MessagesRequestId *string
	VisibilityTimeoutInSeconds     *int32
}

// GetMessagesOutput holds what waits for the node; it may be nothing.
type GetMessagesOutput struct {
	Destination, MessagesRequestId *string
	Messages                       []Message
}

// Message is a job.
type Message struct {
	CreatedDate, Destination, MessageId, Payload, PayloadDigest, Topic *string
}

// GetMessages waits for jobs: an agent gives up after 20 seconds, and asks
// again at once. A job that is not acknowledged comes again.
func (s *Service) GetMessages(ctx context.Context, in *GetMessagesInput) (*GetMessagesOutput, error) {
	node := *in.Destination
	if err := s.own(ctx, node); err != nil {
		return nil, err
	}
	jobs, err := s.ports.Mail.Poll(ctx, node)
	if err != nil {
		return nil, err
	}
	out := &GetMessagesOutput{Destination: &node, MessagesRequestId: in.MessagesRequestId, Messages: []Message{}}
	created := api.CallFrom(ctx).Time.UTC().Format(time.RFC3339)
	for _, j := range jobs {
		payload, topic := string(j.Content), string(j.Topic)
		sum := sha256.Sum256(j.Content)
		digest := hex.EncodeToString(sum[:])
		out.Messages = append(out.Messages, Message{
			CreatedDate: &created, Destination: &node, MessageId: &j.ID, Payload: &payload, PayloadDigest: &digest, Topic: &topic,
		})
	}
	return out, nil
}

func (s *Service) getMessagesChecks(_ context.Context, in *GetMessagesInput) ([]api.Check, error) {
	return onNode("ec2messages:GetMessages", *in.Destination), nil
}
