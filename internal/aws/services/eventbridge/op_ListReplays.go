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
	out := &eventbridge.ListReplaysOutput{}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		out.Replays, out.NextToken = []types.Replay{}, nil
		list, err := replays.List(tx, store.In(api.CallFrom(ctx).Place()), store.Page{After: p.after})
		for _, r := range list {
			if !p.takes(r.Name, deref(in.NamePrefix)) || in.EventSourceArn != nil && r.Archive != *in.EventSourceArn || in.State != "" && r.State != in.State {
				continue
			}
			if p.full(len(out.Replays)) {
				out.NextToken = p.token(*out.Replays[len(out.Replays)-1].ReplayName)
				break
			}
			out.Replays = append(out.Replays, types.Replay{
				ReplayName: &r.Name, EventSourceArn: &r.Archive, State: r.State, StateReason: api.Optional(r.Reason), EventStartTime: &r.From, EventEndTime: &r.To,
				EventLastReplayedTime: when(r.Last), ReplayStartTime: &r.Started, ReplayEndTime: when(r.Ended),
			})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) listReplaysChecks(context.Context, *eventbridge.ListReplaysInput) ([]api.Check, error) {
	return api.OnAny("events:ListReplays"), nil
}
