package s3

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tamachi/internal/store"
)

// Upkeep does what time brings: it removes what is doomed and holds lifecycle
// rules to objects, in bounded steps. It returns when it wants to be called
// again; zero for when something changes.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	next, err = s.removeDoomed(ctx)
	if err != nil {
		return time.Time{}, err
	}
	later, err := s.expire(ctx)
	if err != nil {
		return time.Time{}, err
	}
	return earlier(next, later), nil
}

// doomedPage is how many doomed things one step removes.
const doomedPage = 256

func (s *Service) removeDoomed(ctx context.Context) (next time.Time, err error) {
	now := s.clock.Now()
	var due []*doomed
	err = s.store.View(ctx, func(tx *store.Tx) error {
		var err error
		if due, err = dooms.List(tx, store.Scope{}, store.Page{Max: dueKey(now.Add(1)), Limit: doomedPage}); err != nil {
			return err
		}
		coming, err := dooms.List(tx, store.Scope{}, store.Page{Min: dueKey(now.Add(1)), Limit: 1})
		if err == nil && len(coming) > 0 {
			next = coming[0].Due
		}
		return err
	})
	if err != nil || len(due) == 0 {
		return next, err
	}
	for _, d := range due {
		if err := s.discard(d.Blob); err != nil {
			return time.Time{}, err
		}
	}
	if err := s.store.Update(ctx, func(tx *store.Tx) error { return forget(tx, due) }); err != nil {
		return time.Time{}, fmt.Errorf("forget what was removed: %w", err)
	}
	if len(due) == doomedPage {
		return now, nil
	}
	return next, nil
}

// forget removes the records of what is gone.
func forget(tx *store.Tx, list []*doomed) error {
	for _, d := range list {
		if d.Upload != "" {
			err := uploads.Delete(tx, store.In(d.Account, d.Region), d.Upload)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		if err := dooms.Delete(tx, store.Scope{}, dooms.Key(d)); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return nil
}

// Recover settles or removes the blobs that were fresh when an earlier process
// ended. It runs before the first call does: it cannot tell a blob whose
// record is on its way.
func (s *Service) Recover(ctx context.Context) error {
	fresh, err := s.blobs.Fresh()
	if err != nil {
		return err
	}
	for _, blob := range fresh {
		named, err := s.named(ctx, blob)
		if err != nil {
			return err
		}
		if named {
			err = s.blobs.Settle(blob)
		} else {
			err = s.blobs.Remove(blob)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// named tells whether a record names a blob.
func (s *Service) named(ctx context.Context, blob string) (yes bool, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		objects, err := versions.Everywhere(tx, "blob", blob)
		if err != nil || len(objects) > 0 {
			yes = len(objects) > 0
			return err
		}
		loose, err := parts.Everywhere(tx, "blob", blob)
		if err != nil || len(loose) > 0 {
			yes = len(loose) > 0
			return err
		}
		// Rare: only what a crash left behind comes so far.
		assembled, err := bodies.Everywhere(tx, "", "")
		for _, a := range assembled {
			yes = yes || slices.ContainsFunc(a.Record.List, func(p piece) bool { return p.Blob == blob })
		}
		return err
	})
	return yes, err
}
