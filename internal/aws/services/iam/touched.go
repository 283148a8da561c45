package iam

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// touched is when a user or role last called each service. It is kept beside the
// trail because the trail has no calls on data, such as reading an object of S3:
// without it a report would say that a service was never used which is used all
// day.
type touched struct {
	Entity   string           // unique id
	Services map[string]touch // by the prefix of the service's actions
}

type touch struct {
	At     time.Time
	Region string
}

var touches = store.Table[touched]{
	Name:  "iam.touches",
	Reach: store.Account,
	Key:   func(t *touched) string { return t.Entity },
}

// notedTouches are those that no store has yet.
type notedTouches struct {
	mu    sync.Mutex
	noted map[entityOf]map[string]touch // guarded by mu
	kept  time.Time                     // guarded by mu; when they were last stored
}

// models are the services whose model has another name than their actions.
var models = map[string]string{"accessanalyzer": "access-analyzer", "resourcegroupstaggingapi": "tag"}

// witnessTouch notes that a user or role called a service.
func (s *Service) witnessTouch(call *api.Call, region string) {
	id := behind(&call.Caller)
	if id == "" {
		return
	}
	service := call.Service
	if other := models[service]; other != "" {
		service = other
	}
	n := &s.touches
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.noted == nil {
		n.noted = map[entityOf]map[string]touch{}
	}
	who := entityOf{call.Caller.Account, id}
	if n.noted[who] == nil {
		n.noted[who] = map[string]touch{}
	}
	n.noted[who][service] = touch{call.Time.UTC().Truncate(time.Second), region}
}

// take returns what was noted when that is a minute's worth, and when to ask
// again.
func (n *notedTouches) take(now time.Time) (map[entityOf]map[string]touch, time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if next := n.kept.Add(useEvery); now.Before(next) {
		return nil, next
	}
	taken := n.noted
	n.noted, n.kept = nil, now
	return taken, now.Add(useEvery)
}

// keepTouches stores what calls noted, and says when to ask again. What was noted
// before a crash is lost: it lags, as on AWS.
func (s *Service) keepTouches(ctx context.Context) (next time.Time, err error) {
	taken, next := s.touches.take(s.clock.Now())
	if len(taken) == 0 {
		return next, nil
	}
	return next, s.store.Update(ctx, func(tx *store.Tx) error {
		for who, services := range taken {
			if err := keepTouch(tx, who, services); err != nil {
				return err
			}
		}
		return nil
	})
}

func keepTouch(tx *store.Tx, who entityOf, services map[string]touch) error {
	sc := store.Scope{Account: who.account}
	if _, err := holderByID(tx, sc, who.id); errors.Is(err, store.ErrNotFound) {
		return nil // deleted meanwhile
	} else if err != nil {
		return err
	}
	have, err := touches.Get(tx, sc, who.id)
	if errors.Is(err, store.ErrNotFound) {
		have, err = &touched{Entity: who.id}, nil
	}
	if err != nil {
		return err
	}
	all := &touched{Entity: who.id, Services: map[string]touch{}}
	for _, some := range []map[string]touch{have.Services, services} {
		maps.Copy(all.Services, some)
	}
	return touches.Put(tx, sc, all)
}

// touchesOf is when an entity last called each service: as it is stored, and as it
// was noted since.
func (s *Service) touchesOf(tx *store.Tx, who entityOf) (map[string]recent, error) {
	out := map[string]recent{}
	stored, err := touches.Get(tx, store.Scope{Account: who.account}, who.id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if err == nil {
		for name, t := range stored.Services {
			out[name] = recent{t.At, t.Region}
		}
	}
	s.touches.mu.Lock()
	defer s.touches.mu.Unlock()
	for name, t := range s.touches.noted[who] {
		out[name] = recent{t.At, t.Region}
	}
	return out, nil
}

// untouch forgets a user or role that is deleted.
func untouch(tx *store.Tx, sc store.Scope, id string) error {
	if err := touches.Delete(tx, sc, id); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return nil
}
