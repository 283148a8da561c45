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

// StartDesktopRecordingInput names the desktop whose screen is to be recorded,
// and why.
type StartDesktopRecordingInput struct {
	WorkspaceId     *string
	Reason          *string // kept with the recording, and in the trail
	DurationMinutes *int32  // after which it ends by itself
	RetentionDays   *int32  // after which it is deleted
}

// StartDesktopRecordingOutput is the recording.
type StartDesktopRecordingOutput struct {
	Recording *DesktopRecording
}

// StartDesktopRecording records a desktop's screen from now on. Its user is told
// who does for as long as it lasts. A desktop that stops meanwhile is recorded
// again when it runs.
func (s *Service) StartDesktopRecording(ctx context.Context, in *StartDesktopRecordingInput) (*StartDesktopRecordingOutput, error) {
	call := api.CallFrom(ctx)
	if s.ports.PlaybackURL == nil {
		return nil, &smithy.GenericAPIError{Code: "InvalidResourceStateException", Message: "This plane keeps everything in memory, and no recordings."}
	}
	v, err := s.ports.Desktops.Look(ctx, call.Account, call.Region, *in.WorkspaceId)
	if errors.Is(err, desktops.ErrNotFound) {
		return nil, &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "The specified WorkSpace cannot be found."}
	}
	if err != nil {
		return nil, fmt.Errorf("look at desktop %s: %w", *in.WorkspaceId, err)
	}
	minutes, days := int32(filmMinutes), int32(filmDays)
	if in.DurationMinutes != nil {
		minutes = *in.DurationMinutes
	}
	if in.RetentionDays != nil {
		days = *in.RetentionDays
	}
	until := call.Time.Add(time.Duration(minutes) * time.Minute)
	f := &film{
		ID: "rec-" + s.ids.Hex(17), WorkspaceID: *in.WorkspaceId, DirectoryID: v.DirectoryID, UserName: v.UserName,
		StartedBy: call.Caller.ARN, Why: *in.Reason, Status: filming, Start: call.Time, Until: until,
		KeepUntil: until.AddDate(0, 0, int(days)),
	}
	sc := store.In(call.Place())
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		running, err := films.By(tx, sc, "status", filming, store.Page{})
		if err != nil {
			return err
		}
		for _, r := range running {
			if r.WorkspaceID == f.WorkspaceID {
				return &smithy.GenericAPIError{
					Code: "InvalidResourceStateException", Message: fmt.Sprintf("The WorkSpace %s is being recorded already, as %s.", r.WorkspaceID, r.ID),
				}
			}
		}
		return films.Put(tx, sc, f)
	})
	if err != nil {
		return nil, err
	}
	return &StartDesktopRecordingOutput{Recording: f.outward(call.Time)}, nil
}

// startDesktopRecordingChecks asks for a right of its own: who may look over
// shoulders may not for that keep what is seen.
func (s *Service) startDesktopRecordingChecks(ctx context.Context, in *StartDesktopRecordingInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	return api.On("tamachi:RecordDesktop", arn.New("workspaces", call.Region, call.Account, "workspace/"+*in.WorkspaceId)), nil
}
