package eventbridge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/arn"
	"tamachi/internal/store"
)

// replay is the stored form of a replay: it sends events of an archive to the
// rules of its bus once more.
type replay struct {
	Name        string
	Account     string
	Region      string
	Description *string  `json:",omitempty"`
	Archive     string   // its ARN
	ArchiveID   string   // by which its events are kept
	Bus         string   // name
	Rules       []string `json:",omitempty"` // ARNs; all without any
	From, To    time.Time
	State       types.ReplayState
	Reason      string    `json:",omitempty"`
	After       string    // the key of the event that was sent last
	Last        time.Time // its time
	Due         time.Time // when the next ones go
	Started     time.Time
	Ended       time.Time
}

var replays = store.Table[replay]{
	Name: "eventbridge.replays", Reach: store.Regional, Key: func(r *replay) string { return r.Name },
	Indexes: map[string]func(*replay) string{"goes": func(r *replay) string {
		if r.over() {
			return ""
		}
		return "yes"
	}},
}

const (
	// mostReplays is how many go on at once. Source: EventBridge User Guide, "Quotas".
	mostReplays = 10
	// breath is between two parts of a replay, and before the first: what happens
	// now goes first, and a replay can be cancelled.
	breath = time.Second
)

func (r *replay) scope() store.Scope { return store.In(r.Account, r.Region) }

func (r *replay) arn() string {
	return arn.New("events", r.Region, r.Account, "replay/"+r.Name).String()
}

func (r *replay) over() bool {
	return slices.Contains([]types.ReplayState{types.ReplayStateCompleted, types.ReplayStateCancelled, types.ReplayStateFailed}, r.State)
}

func (r *replay) end(state types.ReplayState, why string, now time.Time) {
	r.State, r.Reason, r.Ended = state, why, now
}

func findReplay(tx *store.Tx, sc store.Scope, name string) (*replay, error) {
	return byName(tx, sc, &replays, name, "Replay %s does not exist.")
}

// play goes on with the replays that are not over.
func (s *Service) play(ctx context.Context) (next time.Time, err error) {
	var going []store.Row[replay]
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		going, err = replays.Everywhere(tx, "goes", "yes")
		return err
	})
	now := s.clock.Now()
	for _, row := range going {
		r := row.Record
		if r.Due.After(now) && r.State != types.ReplayStateCancelling {
			next = sooner(next, r.Due)
			continue
		}
		if err == nil {
			err = s.playOn(ctx, row.Scope, r.Name)
		}
		next = now // and look again
	}
	return next, err
}

// playOn sends some events of a replay; that they were is in the same
// transaction, so none is lost by an end of the process.
func (s *Service) playOn(ctx context.Context, sc store.Scope, name string) error {
	now := s.clock.Now()
	return s.store.Update(ctx, func(tx *store.Tx) error {
		r, err := replays.Get(tx, sc, name)
		if errors.Is(err, store.ErrNotFound) || err == nil && r.over() {
			return nil
		}
		if err != nil {
			return err
		}
		if r.State == types.ReplayStateCancelling {
			r.end(types.ReplayStateCancelled, "", now)
			return replays.Put(tx, sc, r)
		}
		list, err := keeps.List(tx, sc, store.Page{After: r.After, Max: keptAt(r.ArchiveID, toSecond(r.To)), Limit: atATime})
		if err != nil {
			return err
		}
		r.State, r.Due = types.ReplayStateRunning, now.Add(breath)
		for _, k := range list {
			if err := s.again(tx, r, k); err != nil {
				return err
			}
			r.After, r.Last = k.key(), k.Time
		}
		if len(list) < atATime {
			r.end(types.ReplayStateCompleted, "", now)
		}
		return replays.Put(tx, sc, r)
	})
}

// toSecond is a time, or the next whole second: event times have seconds.
func toSecond(t time.Time) time.Time { return t.Add(time.Second - 1).Truncate(time.Second) }

// again sends one event, which then says by which replay it came.
func (s *Service) again(tx *store.Tx, r *replay, k *kept) error {
	var e event
	if err := json.Unmarshal([]byte(k.Event), &e); err != nil {
		return fmt.Errorf("event %s of archive %s: %w", k.ID, r.Archive, err)
	}
	e.Replay = r.Name
	text, err := encode(&e)
	if err != nil {
		return err
	}
	v, err := decode(text)
	if err != nil {
		return err
	}
	list, err := rules.By(tx, r.scope(), "listens", r.Bus, store.Page{})
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(o *rule) bool { return len(r.Rules) > 0 && !slices.Contains(r.Rules, o.arn()) })
	return s.match(tx, list, errand{ID: k.ID, Event: text}, v)
}
