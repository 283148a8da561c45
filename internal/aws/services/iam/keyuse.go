package iam

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// keyUse is when an access key last signed a call.
type keyUse struct {
	ID      string // the key's
	At      time.Time
	Region  string
	Service string // "ssm"
}

var keyUses = store.Table[keyUse]{
	Name:  "iam.keyuses",
	Reach: store.Plane,
	Key:   func(u *keyUse) string { return u.ID },
}

const (
	// useEvery is how far the stored uses may be behind.
	useEvery = time.Minute
	// maxUses bounds a commit of uses.
	maxUses = 1000
)

// witness remembers the uses that are not stored yet.
type witness struct {
	mu      sync.Mutex
	pending map[string]keyUse // guarded by mu
	stored  time.Time         // guarded by mu; when the pending ones were last stored
}

// Witness notes which key or role a call came from, whatever comes of it. It only
// remembers; Upkeep stores.
func (s *Service) Witness(call *api.Call) {
	region := call.Region
	if call.Service == "iam" || call.Service == "organizations" { // global services answer in us-east-1
		region = "us-east-1"
	}
	s.witnessRole(&call.Caller, region, call.Time)
	s.witnessTouch(call, region)
	id := call.Caller.AccessKeyID
	if !strings.HasPrefix(id, longTerm) {
		return
	}
	w := &s.seen
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pending == nil {
		w.pending = make(map[string]keyUse)
	}
	w.pending[id] = keyUse{ID: id, At: call.Time.UTC().Truncate(time.Second), Region: region, Service: call.Service}
}

// lastUse is when a key was last used; nil for never.
func (s *Service) lastUse(tx *store.Tx, id string) (*keyUse, error) {
	s.seen.mu.Lock()
	u, fresh := s.seen.pending[id]
	s.seen.mu.Unlock()
	if fresh {
		return &u, nil
	}
	stored, err := keyUses.Get(tx, store.Scope{}, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return stored, err
}

// keepKeyUses stores the uses of the last minute.
func (s *Service) keepKeyUses(ctx context.Context) (next time.Time, err error) {
	now := s.clock.Now()
	due, wait := s.seen.due(now)
	if len(due) == 0 {
		return wait, nil
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		for _, u := range due {
			if _, err := accessKeys.Get(tx, store.Scope{}, u.ID); errors.Is(err, store.ErrNotFound) {
				continue // deleted since
			} else if err != nil {
				return err
			}
			if err := keyUses.Put(tx, store.Scope{}, &u); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return time.Time{}, err
	}
	s.seen.done(due, now)
	return now.Add(useEvery), nil
}

// due returns what is to be stored now, or when to ask again.
func (w *witness) due(now time.Time) (due []keyUse, next time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if next := w.stored.Add(useEvery); now.Before(next) && len(w.pending) <= maxUses {
		return nil, next
	}
	for _, u := range w.pending {
		if len(due) < maxUses {
			due = append(due, u)
		}
	}
	return due, now.Add(useEvery)
}

// done forgets what was stored, unless it was used again since.
func (w *witness) done(stored []keyUse, at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, u := range stored {
		if w.pending[u.ID] == u {
			delete(w.pending, u.ID)
		}
	}
	if len(w.pending) < maxUses {
		w.stored = at
	}
}
