package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListReplays lists replays in the order of their names.
func (s *Service) ListReplays(ctx context.Context, in *eventbridge.ListReplaysInput) (*eventbridge.ListReplaysOutput, error) {
	if err := oneFilter(in.NamePrefix != nil, in.EventSourceArn != nil, in.State != ""); err != nil {
		return nil, err
	}
	p, err := pageAt("ListReplays", in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	shown, next, err := listNamed(ctx, s, p, &replays, in.NamePrefix, func(_ *store.Tx, r *replay) (types.Replay, bool, error) {
		return types.Replay{
			ReplayName: &r.Name, EventSourceArn: &r.Archive, State: r.State, StateReason: api.Optional(r.Reason), EventStartTime: &r.From, EventEndTime: &r.To,
			EventLastReplayedTime: when(r.Last), ReplayStartTime: &r.Started, ReplayEndTime: when(r.Ended),
		}, (in.EventSourceArn == nil || r.Archive == *in.EventSourceArn) && (in.State == "" || r.State == in.State), nil
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.ListReplaysOutput{Replays: shown, NextToken: next}, nil
}

func (s *Service) listReplaysChecks(context.Context, *eventbridge.ListReplaysInput) ([]api.Check, error) {
	return api.OnAny("events:ListReplays"), nil
}
