package tamachi

import (
	"context"
	"fmt"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListDesktopRecordingsInput says which recordings are wanted; those of all
// desktops when it says nothing.
type ListDesktopRecordingsInput struct {
	WorkspaceId *string
	Status      *string // RECORDING, ENDED, DELETING or DELETED
	MaxResults  *int32
	NextToken   *string
}

// ListDesktopRecordingsOutput are the recordings, the newest first.
type ListDesktopRecordingsOutput struct {
	Recordings []DesktopRecording
	NextToken  *string
}

// DesktopRecording is what is known of a recording, also when it is deleted.
type DesktopRecording struct {
	RecordingId     *string
	WorkspaceId     *string
	DirectoryId     *string
	UserName        *string
	Status          *string
	StartedBy       *string
	Reason          *string
	StartTime       *time.Time
	EndsAt          *time.Time // by itself
	EndTime         *time.Time
	EndReason       *string
	EndedBy         *string
	DurationSeconds *int64
	SizeBytes       *int64
	RetainUntil     *time.Time
	DeletedAt       *time.Time
	DeletedBy       *string
}

// outward is a recording as callers see it.
func (f *film) outward(now time.Time) *DesktopRecording {
	o := &DesktopRecording{
		RecordingId: &f.ID, WorkspaceId: &f.WorkspaceID, DirectoryId: given(f.DirectoryID), UserName: given(f.UserName), Status: &f.Status,
		StartedBy: &f.StartedBy, Reason: &f.Why, StartTime: &f.Start, EndsAt: &f.Until, EndReason: given(f.Reason),
		EndedBy: given(f.EndedBy), RetainUntil: &f.KeepUntil, DeletedBy: given(f.RemovedBy),
	}
	lasted := f.Millis / 1000
	if f.Status == filming {
		lasted = int64(now.Sub(f.Start).Seconds())
	} else {
		o.EndTime, o.SizeBytes = &f.End, &f.Bytes
	}
	o.DurationSeconds = &lasted
	if !f.Removed.IsZero() {
		o.DeletedAt = &f.Removed
	}
	return o
}

// ListDesktopRecordings lists recordings, also deleted ones.
func (s *Service) ListDesktopRecordings(ctx context.Context, in *ListDesktopRecordingsInput) (*ListDesktopRecordingsOutput, error) {
	call := api.CallFrom(ctx)
	place, err := placeOf("ListDesktopRecordings", in.NextToken)
	if err != nil {
		return nil, err
	}
	p := store.Page{After: place, Limit: limitOr(in.MaxResults, sessionsAPage), Descending: true}
	out := &ListDesktopRecordingsOutput{Recordings: []DesktopRecording{}}
	var found []*film
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		sc := store.In(call.Place())
		switch {
		case in.WorkspaceId != nil:
			found, err = films.By(tx, sc, "desktop", *in.WorkspaceId, p)
		case in.Status != nil:
			found, err = films.By(tx, sc, "status", *in.Status, p)
		default:
			found, err = films.List(tx, sc, p)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list recordings: %w", err)
	}
	for _, f := range found {
		if in.Status == nil || *in.Status == f.Status {
			out.Recordings = append(out.Recordings, *f.outward(call.Time))
		}
	}
	if len(found) == p.Limit {
		token := api.Token("ListDesktopRecordings", found[len(found)-1].key())
		out.NextToken = &token
	}
	return out, nil
}

func (s *Service) listDesktopRecordingsChecks(context.Context, *ListDesktopRecordingsInput) ([]api.Check, error) {
	return api.OnAny("tamachi:ListDesktopRecordings"), nil
}
