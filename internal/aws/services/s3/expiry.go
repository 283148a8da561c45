package s3

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tamachi/internal/store"
)

// sweep is the stored record of when a bucket's lifecycle rules are looked at
// next, and how far the present look has come.
type sweep struct {
	Bucket string
	Due    time.Time
	After  string `json:",omitempty"` // record key of the last version looked at
}

var sweeps = store.Table[sweep]{
	Name: "s3.sweeps", Reach: store.Plane,
	Key: func(s *sweep) string { return s.Bucket },
}

// plan asks for a look at a bucket's rules now; unplan for none any more.
func (s *Service) plan(tx *store.Tx, b *bucket) error {
	return sweeps.Put(tx, store.Scope{}, &sweep{Bucket: b.Name, Due: s.clock.Now()})
}

func unplan(tx *store.Tx, b *bucket) error {
	err := sweeps.Delete(tx, store.Scope{}, b.Name)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// sweepPage is how many versions one step looks at.
const sweepPage = 500

// expire does a step of the lifecycle of each bucket whose time has come. It
// returns when to go on; zero when no bucket has rules.
func (s *Service) expire(ctx context.Context) (next time.Time, err error) {
	now := s.clock.Now()
	var list []*sweep
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = sweeps.List(tx, store.Scope{}, store.Page{})
		return err
	})
	if err != nil {
		return time.Time{}, err
	}
	for _, w := range list {
		due := w.Due
		if !due.After(now) {
			if due, err = s.expireStep(ctx, w.Bucket, now); err != nil {
				return time.Time{}, fmt.Errorf("lifecycle of bucket %s: %w", w.Bucket, err)
			}
		}
		next = earlier(next, due)
	}
	return next, nil
}

// earlier is the earlier of two times that may be zero for never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// expireStep looks at the next versions of a bucket, in one transaction, and
// says when it goes on.
func (s *Service) expireStep(ctx context.Context, name string, now time.Time) (due time.Time, err error) {
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		b, err := findBucket(tx, name)
		if err != nil {
			return err
		}
		w, err := sweeps.Get(tx, store.Scope{}, name)
		if errors.Is(err, store.ErrNotFound) || b == nil {
			due = time.Time{}
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.lookAtPage(tx, b, w, now); err != nil {
			return err
		}
		due = w.Due
		return sweeps.Put(tx, store.Scope{}, w)
	})
	return due, err
}

// lookAtPage looks at one page and moves the sweep on: behind it, or to the next
// midnight.
func (s *Service) lookAtPage(tx *store.Tx, b *bucket, w *sweep, now time.Time) error {
	page := store.Page{After: w.After, Min: b.Name + "/", Max: behind(b.Name + "/"), Limit: sweepPage}
	list, err := versions.List(tx, b.scope(), page)
	if err != nil {
		return err
	}
	last := len(list) < sweepPage
	if !last {
		list = whole(list)
	}
	if len(list) > 0 {
		w.After = versions.Key(list[len(list)-1]) // before moves change the list
	}
	for group := range groups(list) {
		if err := s.expireKey(tx, b, group, now); err != nil {
			return err
		}
	}
	if !last {
		return nil
	}
	if err := s.expireUploads(tx, b, now); err != nil {
		return err
	}
	w.After, w.Due = "", now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	return nil
}

// whole drops the last key of a full page, whose versions may go on, unless it
// is the only one.
func whole(list []*object) []*object {
	key := list[len(list)-1].Key
	for i := len(list) - 1; i > 0; i-- {
		if list[i-1].Key != key {
			return list[:i]
		}
	}
	return list
}

// groups cuts a list into the versions of each key.
func groups(list []*object) func(yield func([]*object) bool) {
	return func(yield func([]*object) bool) {
		for start := 0; start < len(list); {
			end := start + 1
			for end < len(list) && list[end].Key == list[start].Key {
				end++
			}
			if !yield(list[start:end]) {
				return
			}
			start = end
		}
	}
}

// expireKey holds the rules to the versions of one key, newest first.
func (s *Service) expireKey(tx *store.Tx, b *bucket, list []*object, now time.Time) error {
	for i := len(list) - 1; i > 0; i-- {
		if b.noncurrentOver(list, i, now) {
			if err := s.remove(tx, b, list[i]); err != nil {
				return err
			}
			list = append(list[:i:i], list[i+1:]...)
		}
	}
	head := list[0]
	if !head.Current {
		return nil // the page began within a key of very many versions
	}
	for i := range b.Lifecycle {
		r := &b.Lifecycle[i]
		if !r.covers(head) {
			continue
		}
		when := r.expires(head)
		over := !when.IsZero() && !when.After(now)
		switch {
		case head.Marker && len(list) == 1 && (over || r.LoneMarkers != nil && *r.LoneMarkers):
			return s.remove(tx, b, head)
		case !head.Marker && over:
			_, err := s.bury(tx, b, head.Key)
			return err
		}
	}
	return nil
}

// noncurrentOver tells whether a rule ends the noncurrent version at a place
// of the list. It became noncurrent when the one before it was made.
func (b *bucket) noncurrentOver(list []*object, i int, now time.Time) bool {
	for n := range b.Lifecycle {
		r := &b.Lifecycle[n]
		if r.NoncurrentDays == 0 || !r.covers(list[i]) || i-1 < int(r.Newer) {
			continue
		}
		if !after(list[i-1].Modified, r.NoncurrentDays).After(now) {
			return true
		}
	}
	return false
}

// expireUploads gives up the uploads that rules say are too old.
func (s *Service) expireUploads(tx *store.Tx, b *bucket, now time.Time) error {
	for i := range b.Lifecycle {
		r := &b.Lifecycle[i]
		if !r.Enabled || r.AbortDays == 0 {
			continue
		}
		list, err := uploads.By(tx, b.scope(), "open", b.Name, store.Page{Min: place(b.Name, r.Prefix), Max: behind(place(b.Name, r.Prefix))})
		if err != nil {
			return err
		}
		for _, u := range list {
			if !strings.HasPrefix(u.Key, r.Prefix) || after(u.Started, r.AbortDays).After(now) {
				continue
			}
			if err := s.abandon(tx, b, u); err != nil {
				return err
			}
		}
	}
	return nil
}
