package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CancelReplay ends a replay before its time. What it has sent is sent.
func (s *Service) CancelReplay(ctx context.Context, in *eventbridge.CancelReplayInput) (*eventbridge.CancelReplayOutput, error) {
	var r *replay
	err := s.store.Update(ctx, func(tx *store.Tx) (err error) {
		if r, err = findReplay(tx, store.In(api.CallFrom(ctx).Place()), *in.ReplayName); err != nil {
			return err
		}
		if r.State != types.ReplayStateStarting && r.State != types.ReplayStateRunning {
			return &types.IllegalStatusException{Message: new("Replay " + r.Name + " is not in a valid state for this operation.")}
		}
		r.State = types.ReplayStateCancelling
		return replays.Put(tx, r.scope(), r)
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.CancelReplayOutput{ReplayArn: new(r.arn()), State: r.State}, nil
}

func (s *Service) cancelReplayChecks(ctx context.Context, in *eventbridge.CancelReplayInput) ([]api.Check, error) {
	return on(ctx, "events:CancelReplay", "replay", in.ReplayName)
}
