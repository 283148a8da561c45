package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeReplay shows how far a replay has come.
func (s *Service) DescribeReplay(ctx context.Context, in *eventbridge.DescribeReplayInput) (*eventbridge.DescribeReplayOutput, error) {
	var r *replay
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		r, err = findReplay(tx, store.In(api.CallFrom(ctx).Place()), *in.ReplayName)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.DescribeReplayOutput{
		ReplayName: &r.Name, ReplayArn: new(r.arn()), Description: r.Description, State: r.State, StateReason: api.Optional(r.Reason), EventSourceArn: &r.Archive,
		Destination:    &types.ReplayDestination{Arn: new(busARN(r.scope(), r.Bus)), FilterArns: r.Rules},
		EventStartTime: &r.From, EventEndTime: &r.To, EventLastReplayedTime: when(r.Last), ReplayStartTime: &r.Started, ReplayEndTime: when(r.Ended),
	}, nil
}

func (s *Service) describeReplayChecks(ctx context.Context, in *eventbridge.DescribeReplayInput) ([]api.Check, error) {
	return on(ctx, "events:DescribeReplay", "replay", in.ReplayName)
}
