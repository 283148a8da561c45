package workspaces

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// streams counts the open streams of each desktop: a user is connected while
// there is one. They end with the process that carries them, so they are not
// stored; the time of the last connection is, in the desktop's record.
type streams struct {
	mu   *sync.Mutex
	open map[stream]int // guarded by mu
}

// stream says whose desktop a stream shows.
type stream struct {
	scope store.Scope
	id    string
}

func newStreams() streams { return streams{mu: new(sync.Mutex), open: map[stream]int{}} }

func (s streams) add(k stream, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[k] += n; s.open[k] <= 0 {
		delete(s.open, k)
	}
}

func (s streams) any(k stream) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[k] > 0
}

// Connected notes that a user's stream of a desktop begins. Whatever it
// returns, Disconnected is to be called when the stream ends. The time is kept
// before the state shows: whoever sees a user connected sees since when.
func (s *Service) Connected(ctx context.Context, n desktops.Session) error {
	defer s.open.add(streamOf(n), 1)
	return s.lastSeen(ctx, n, n.Opened, begins(n))
}

// Disconnected notes that a stream has ended.
func (s *Service) Disconnected(ctx context.Context, n desktops.Session) error {
	defer s.open.add(streamOf(n), -1)
	return s.lastSeen(ctx, n, n.Closed, ends(n))
}

func streamOf(n desktops.Session) stream {
	return stream{store.In(n.Account, n.Region), n.ID}
}

// lastSeen keeps when a user was connected, and tells of it. A desktop that was terminated
// meanwhile is no error.
func (s *Service) lastSeen(ctx context.Context, n desktops.Session, at time.Time, told *api.Occurrence) error {
	sc := store.In(n.Account, n.Region)
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		d, err := desktopTable.Get(tx, sc, n.ID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if told != nil && s.events != nil {
			if err := s.events.Emit(tx, sc, *told); err != nil {
				return err
			}
		}
		if !at.After(d.ConnectedAt) {
			return nil
		}
		d.ConnectedAt = at
		return desktopTable.Put(tx, sc, d)
	})
	if err != nil {
		return fmt.Errorf("note a connection to %s: %w", n.ID, err)
	}
	return nil
}
