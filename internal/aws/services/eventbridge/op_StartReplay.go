package eventbridge

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// StartReplay has the events of an archive between two times sent to the rules of
// its bus once more, or to some of them.
func (s *Service) StartReplay(ctx context.Context, in *eventbridge.StartReplayInput) (*eventbridge.StartReplayOutput, error) {
	call := api.CallFrom(ctx)
	a, err := arn.Parse(*in.EventSourceArn)
	name, is := strings.CutPrefix(a.Resource, "archive/")
	if err != nil || !is || a.Account != call.Account || a.Region != call.Region {
		return nil, missing("Archive %s does not exist.", *in.EventSourceArn)
	}
	if !in.EventStartTime.Before(*in.EventEndTime) {
		return nil, invalid("Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.")
	}
	r := &replay{
		Name: *in.ReplayName, Account: call.Account, Region: call.Region, Description: in.Description, Archive: *in.EventSourceArn,
		Rules: in.Destination.FilterArns, From: *in.EventStartTime, To: *in.EventEndTime, State: types.ReplayStateStarting, Started: call.Time, Due: call.Time.Add(breath),
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		from, err := findArchive(tx, r.scope(), name)
		if err != nil {
			return err
		}
		if *in.Destination.Arn != busARN(r.scope(), from.Bus) {
			return invalid("Parameter Destination.Arn is not valid. Reason: Cannot replay to a different event bus.")
		}
		r.Bus, r.ArchiveID, r.After = from.Bus, from.ID, keptAt(from.ID, toSecond(r.From))
		return s.begin(tx, r)
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.StartReplayOutput{ReplayArn: new(r.arn()), State: r.State, ReplayStartTime: &r.Started}, nil
}

// begin keeps a new replay.
func (s *Service) begin(tx *store.Tx, r *replay) error {
	for _, given := range r.Rules {
		sc, where, name, ok := nameOf(given)
		if !ok || name == "" || sc != r.scope() || where != r.Bus {
			return invalid("Parameter Destination.FilterArns is not valid. Reason: %s is no rule of the event bus.", given)
		}
		if _, err := rules.Get(tx, sc, where+"/"+name); errors.Is(err, store.ErrNotFound) {
			return missing("Rule %s does not exist on EventBus %s.", name, where)
		} else if err != nil {
			return err
		}
	}
	if _, err := replays.Get(tx, r.scope(), r.Name); !errors.Is(err, store.ErrNotFound) {
		if err == nil {
			err = &types.ResourceAlreadyExistsException{Message: new("Replay " + r.Name + " already exists.")}
		}
		return err
	}
	going, err := replays.By(tx, r.scope(), "goes", "yes", store.Page{Limit: mostReplays})
	if err != nil {
		return err
	}
	if len(going) == mostReplays {
		return &types.LimitExceededException{Message: new("The account has as many replays going on as it can have.")}
	}
	return replays.Put(tx, r.scope(), r)
}

func (s *Service) startReplayChecks(ctx context.Context, in *eventbridge.StartReplayInput) ([]api.Check, error) {
	return on(ctx, "events:StartReplay", "replay", in.ReplayName)
}
