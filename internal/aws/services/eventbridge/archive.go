package eventbridge

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/arn"
	"tamachi/internal/eventpattern"
	"tamachi/internal/store"
)

// archive is the stored form of an archive: it keeps events of a bus.
type archive struct {
	Name        string
	ID          string // by which its events are kept
	Account     string
	Region      string
	Bus         string
	Description *string `json:",omitempty"`
	Pattern     string  `json:",omitempty"` // of what it keeps; all without one
	Days        int32   `json:",omitempty"` // that events stay; 0 is for ever
	Count       int64   `json:",omitempty"`
	Bytes       int64   `json:",omitempty"`
	Created     time.Time
}

var archives = store.Table[archive]{
	Name: "eventbridge.archives", Reach: store.Regional, Key: func(a *archive) string { return a.Name },
	Indexes: map[string]func(*archive) string{"bus": func(a *archive) string { return a.Bus }},
}

// kept is an event in an archive.
type kept struct {
	Archive string // its ID
	Time    time.Time
	ID      string
	Event   string // JSON
}

var keeps = store.Table[kept]{Name: "eventbridge.kept", Reach: store.Regional, Key: (*kept).key}

func (k *kept) key() string { return keptAt(k.Archive, k.Time) + "/" + k.ID }

// keptAt is where in the order of keys the events of a time begin; event times
// have seconds.
func keptAt(archive string, at time.Time) string {
	return fmt.Sprintf("%s/%012d", archive, min(max(at.Unix(), 0), 999_999_999_999))
}

// leftover is an archive that was deleted, whose events go by and by.
type leftover struct{ ID string }

var leftovers = store.Table[leftover]{Name: "eventbridge.leftovers", Reach: store.Regional, Key: func(l *leftover) string { return l.ID }}

func (a *archive) scope() store.Scope { return store.In(a.Account, a.Region) }

func (a *archive) arn() string {
	return arn.New("events", a.Region, a.Account, "archive/"+a.Name).String()
}

func findArchive(tx *store.Tx, sc store.Scope, name string) (*archive, error) {
	return byName(tx, sc, &archives, name, "Archive %s does not exist.")
}

// keep puts an event into the archives of its bus that want it.
func (s *Service) keep(tx *store.Tx, list []*archive, e *event, text string, v any) error {
	at, err := time.Parse(time.RFC3339, e.Time)
	if err != nil {
		at = s.clock.Now() // a customer may give it a year of five digits
	}
	for _, a := range list {
		if a.Pattern != "" {
			p, err := eventpattern.Parse(a.Pattern)
			if err != nil {
				return fmt.Errorf("pattern of archive %s: %w", a.Name, err)
			}
			if !p.Matches(v) {
				continue
			}
		}
		if err := keeps.Put(tx, a.scope(), &kept{Archive: a.ID, Time: at, ID: e.ID, Event: text}); err != nil {
			return err
		}
		a.Count, a.Bytes = a.Count+1, a.Bytes+int64(len(text))
		if err := archives.Put(tx, a.scope(), a); err != nil {
			return err
		}
	}
	return nil
}

func (a *archive) listed() types.Archive {
	return types.Archive{
		ArchiveName: &a.Name, EventSourceArn: new(busARN(a.scope(), a.Bus)), State: types.ArchiveStateEnabled, RetentionDays: &a.Days,
		SizeBytes: a.Bytes, EventCount: a.Count, CreationTime: &a.Created,
	}
}

const (
	// atATime bounds how many events of archives one transaction handles.
	atATime = 500
	// betweenLooks is how long events may stay beyond their days.
	betweenLooks = time.Hour
)

// forget removes events whose days are over, and those of deleted archives.
func (s *Service) forget(ctx context.Context) (next time.Time, err error) {
	now := s.clock.Now()
	var aged []store.Row[archive]
	var gone []store.Row[leftover]
	err = s.store.View(ctx, func(tx *store.Tx) error {
		all, err := archives.Everywhere(tx, "", "")
		if err != nil {
			return err
		}
		aged = nil
		for _, row := range all {
			if row.Record.Days > 0 {
				aged = append(aged, row)
			}
		}
		gone, err = leftovers.Everywhere(tx, "", "")
		return err
	})
	if err != nil {
		return next, err
	}
	for _, row := range aged {
		until := now.AddDate(0, 0, -int(row.Record.Days))
		more, err := s.clear(ctx, row.Scope, row.Record.ID, keptAt(row.Record.ID, until), row.Record.Name)
		if err != nil {
			return next, err
		}
		next = sooner(next, now.Add(betweenLooks))
		if more {
			next = now
		}
	}
	for _, row := range gone {
		more, err := s.clear(ctx, row.Scope, row.Record.ID, row.Record.ID+"0", "") // "0" comes after "/"
		if err != nil {
			return next, err
		}
		if more {
			next = now
		}
	}
	return next, nil
}

// sooner is the earlier of two times; zero is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// clear removes some events of an archive before a place; more tells that there
// are others. Without a name it is a deleted one, of which nothing is left at the
// end.
func (s *Service) clear(ctx context.Context, sc store.Scope, id, before, name string) (more bool, err error) {
	var list []*kept
	err = s.store.View(ctx, func(tx *store.Tx) error {
		list, err = keeps.List(tx, sc, store.Page{Min: id + "/", Max: before, Limit: atATime})
		return err
	})
	if err != nil {
		return false, err
	}
	n := len(list)
	if n == 0 && name != "" {
		return false, nil
	}
	more = n == atATime
	return more, s.store.Update(ctx, func(tx *store.Tx) error {
		var bytes int64
		for _, k := range list {
			if err := keeps.Delete(tx, sc, k.key()); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			bytes += int64(len(k.Event))
		}
		if name == "" {
			if more {
				return nil
			}
			return leftovers.Delete(tx, sc, id)
		}
		a, err := archives.Get(tx, sc, name)
		if errors.Is(err, store.ErrNotFound) || err == nil && a.ID != id {
			return nil
		}
		if err != nil {
			return err
		}
		a.Count, a.Bytes = a.Count-int64(n), a.Bytes-bytes
		return archives.Put(tx, sc, a)
	})
}
