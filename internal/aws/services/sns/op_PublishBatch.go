package sns

import (
	"context"
	"errors"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// PublishBatch sends up to ten messages; each is accepted or refused for itself.
func (s *Service) PublishBatch(ctx context.Context, in *sns.PublishBatchInput) (*sns.PublishBatchOutput, error) {
	if err := checkBatch(in.PublishBatchRequestEntries); err != nil {
		return nil, err
	}
	out := &sns.PublishBatchOutput{Successful: []types.PublishBatchResultEntry{}, Failed: []types.BatchResultErrorEntry{}}
	var list []*publication
	size := 0
	for _, e := range in.PublishBatchRequestEntries {
		p, err := newPublication(e.Message, e.Subject, e.MessageStructure, e.MessageAttributes)
		if err == nil {
			err = checkGroup(e.MessageGroupId, e.MessageDeduplicationId)
		}
		if fault, ok := errors.AsType[smithy.APIError](err); ok {
			out.Failed = append(out.Failed, types.BatchResultErrorEntry{Id: e.Id, Code: new(fault.ErrorCode()), Message: new(fault.ErrorMessage()), SenderFault: true})
			continue
		}
		size += p.size
		list = append(list, p)
		out.Successful = append(out.Successful, types.PublishBatchResultEntry{Id: e.Id})
	}
	if size > longest {
		return nil, &types.BatchRequestTooLongException{Message: new("The length of all the batch messages put together is more than the limit.")}
	}
	ids, err := s.publish(ctx, *in.TopicArn, list)
	if err != nil {
		return nil, err
	}
	for i := range ids {
		out.Successful[i].MessageId = &ids[i]
	}
	return out, nil
}

// checkBatch refuses a batch whose entries cannot be told apart.
func checkBatch(list []types.PublishBatchRequestEntry) error {
	if len(list) == 0 {
		return &types.EmptyBatchRequestException{Message: new("The batch request doesn't contain any entries.")}
	}
	if len(list) > mostInBatch {
		return &types.TooManyEntriesInBatchRequestException{Message: new("The batch request contains more entries than permissible.")}
	}
	seen := map[string]bool{}
	for _, e := range list {
		id := deref(e.Id)
		if !batchID.MatchString(id) {
			return &types.InvalidBatchEntryIdException{Message: new("The Id of a batch entry in a batch request doesn't abide by the specification.")}
		}
		if seen[id] {
			return &types.BatchEntryIdsNotDistinctException{Message: new("Two or more batch entries in the request have the same Id.")}
		}
		seen[id] = true
	}
	return nil
}

// mostInBatch is how many messages a batch has.
const mostInBatch = 10

var batchID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

func (s *Service) publishBatchChecks(ctx context.Context, in *sns.PublishBatchInput) ([]api.Check, error) {
	return s.checks(ctx, "sns:Publish", in.TopicArn)
}
