package tamachi

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// How a recording stands.
const (
	filming  = "RECORDING"
	filmed   = "ENDED"
	removing = "DELETING" // nobody sees it any more, and its file goes next
	removed  = "DELETED"
)

const (
	filmMinutes = 60            // how long a recording lasts where nothing is said
	filmDays    = 30            // and how long it is kept
	filmLimit   = 2 << 30       // bytes of one
	filmLife    = 2 * time.Hour // of a browser session that plays one
	factsKept   = sessionsKept  // of the facts about one that is deleted
	byRetention = "RETENTION"   // who deletes what was kept long enough
)

// film is a recording of a desktop's screen: the facts. The pictures are a file
// of the front of the plane.
type film struct {
	ID          string    `json:"id"` // rec-...
	WorkspaceID string    `json:"workspaceId"`
	DirectoryID string    `json:"directoryId,omitempty"`
	UserName    string    `json:"userName,omitempty"`
	StartedBy   string    `json:"startedBy"`
	Why         string    `json:"why"`
	Status      string    `json:"status"`
	Start       time.Time `json:"start"`
	Until       time.Time `json:"until"`
	End         time.Time `json:"end,omitzero"`
	Reason      string    `json:"reason,omitempty"` // why it ended
	EndedBy     string    `json:"endedBy,omitempty"`
	Bytes       int64     `json:"bytes,omitempty"`
	Millis      int64     `json:"millis,omitempty"`
	KeepUntil   time.Time `json:"keepUntil"`
	Removed     time.Time `json:"removed,omitzero"`
	RemovedBy   string    `json:"removedBy,omitempty"`
}

var films = store.Table[film]{
	Name: "tamachi.recordings", Reach: store.Regional, Key: (*film).key,
	Indexes: map[string]func(*film) string{
		"id":      func(f *film) string { return f.ID },
		"desktop": func(f *film) string { return f.WorkspaceID },
		"status":  func(f *film) string { return f.Status },
	},
}

func (f *film) key() string { return moment(f.Start) + "/" + f.ID }

// finish is the move from RECORDING to ENDED.
func (f *film) finish(at time.Time, why desktops.FilmEnd) {
	f.Status, f.End, f.Reason = filmed, at, string(why)
}

// remove is the move to DELETING.
func (f *film) remove(at time.Time, by string) {
	if f.Status == filming {
		f.finish(at, desktops.FilmStopped)
	}
	f.Status, f.Removed, f.RemovedBy = removing, at, by
}

// byFilm finds a recording; nil when there is none.
func byFilm(tx *store.Tx, sc store.Scope, id string) (*film, error) {
	found, err := films.By(tx, sc, "id", id, store.Page{Limit: 1})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// visible finds a recording that can still be seen, or answers that there is
// none.
func visible(tx *store.Tx, sc store.Scope, id string) (*film, error) {
	f, err := byFilm(tx, sc, id)
	if err == nil && (f == nil || f.Status == removing || f.Status == removed) {
		err = &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "The recording " + id + " cannot be found."}
	}
	return f, err
}

// recording is a film in the vocabulary's words.
func (f *film) recording(sc store.Scope) desktops.Recording {
	return desktops.Recording{
		Account: sc.Account, Region: sc.Region, ID: f.ID, WorkspaceID: f.WorkspaceID, UserName: f.UserName, By: f.StartedBy,
		Start: f.Start, Until: f.Until, Limit: filmLimit, Live: f.Status == filming, Bytes: f.Bytes, Millis: f.Millis,
		End: desktops.FilmEnd(f.Reason),
	}
}

// Due lists the recordings that are to run, and those whose files are to be
// removed. A recording of a desktop that is gone ends.
func (s *Service) Due(ctx context.Context) (run, remove []desktops.Recording, err error) {
	var runs, goes []store.Row[film]
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		if runs, err = films.Everywhere(tx, "status", filming); err != nil {
			return err
		}
		goes, err = films.Everywhere(tx, "status", removing)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("list recordings: %w", err)
	}
	for _, r := range runs {
		_, err := s.ports.Desktops.State(ctx, r.Scope.Account, r.Scope.Region, r.Record.WorkspaceID)
		if errors.Is(err, desktops.ErrNotFound) {
			gone := r.Record.recording(r.Scope)
			gone.End = desktops.FilmNoDesk
			err = s.Recorded(ctx, gone)
		} else if err == nil {
			run = append(run, r.Record.recording(r.Scope))
		}
		if err != nil {
			return nil, nil, err
		}
	}
	for _, r := range goes {
		remove = append(remove, r.Record.recording(r.Scope))
	}
	return run, remove, nil
}

// Recorded keeps how a recording ended, unless it is known already, and how long
// it is.
func (s *Service) Recorded(ctx context.Context, r desktops.Recording) error {
	sc := store.In(r.Account, r.Region)
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		f, err := byFilm(tx, sc, r.ID)
		if f == nil || err != nil {
			return err
		}
		if f.Status == filming {
			f.finish(s.clk.Now(), r.End)
		}
		f.Bytes, f.Millis = max(f.Bytes, r.Bytes), max(f.Millis, r.Millis)
		return films.Put(tx, sc, f)
	})
	if err != nil {
		return fmt.Errorf("keep the end of recording %s: %w", r.ID, err)
	}
	return nil
}

// Removed keeps that the file of a recording is gone.
func (s *Service) Removed(ctx context.Context, r desktops.Recording) error {
	sc := store.In(r.Account, r.Region)
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		f, err := byFilm(tx, sc, r.ID)
		if f == nil || err != nil {
			return err
		}
		f.Status = removed
		return films.Put(tx, sc, f)
	})
	if err != nil {
		return fmt.Errorf("keep that recording %s is gone: %w", r.ID, err)
	}
	return nil
}

// expire deletes the recordings that were kept long enough, forgets the facts of
// those that are deleted long since, and tells when to look again.
func (s *Service) expire(ctx context.Context) (next time.Time, err error) {
	now := s.clk.Now()
	var over []store.Row[film]
	err = s.st.View(ctx, func(tx *store.Tx) error {
		over, next = nil, time.Time{}
		for _, status := range []string{filmed, removed} {
			rows, err := films.Everywhere(tx, "status", status)
			if err != nil {
				return err
			}
			for _, r := range rows {
				at := r.Record.KeepUntil
				if status == removed {
					at = r.Record.Removed.Add(factsKept)
				}
				if !at.After(now) {
					over = append(over, r)
				} else {
					next = earlier(next, at)
				}
			}
		}
		return nil
	})
	if err != nil || len(over) == 0 {
		return next, err
	}
	return next, s.st.Update(ctx, func(tx *store.Tx) error {
		for _, r := range over {
			f, err := byFilm(tx, r.Scope, r.Record.ID)
			switch {
			case err != nil:
				return err
			case f == nil || f.Status != r.Record.Status:
				continue
			case f.Status == removed:
				err = films.Delete(tx, r.Scope, f.key())
			default:
				f.remove(now, byRetention)
				err = films.Put(tx, r.Scope, f)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// onFilm is the check of an action of ours on the desktop of a recording. One
// that is not there is of any desktop.
func (s *Service) onFilm(ctx context.Context, action, id string) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	desktop := "*"
	err := s.st.View(ctx, func(tx *store.Tx) error {
		f, err := byFilm(tx, store.In(call.Place()), id)
		if f != nil {
			desktop = f.WorkspaceID
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look up recording %s: %w", id, err)
	}
	return api.On(action, arn.New("workspaces", call.Region, call.Account, "workspace/"+desktop)), nil
}
