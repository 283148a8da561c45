package tamachi

import (
	"context"
	"fmt"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// StopDesktopRecordingInput names a recording that runs.
type StopDesktopRecordingInput struct {
	RecordingId *string
}

// StopDesktopRecordingOutput is the recording.
type StopDesktopRecordingOutput struct {
	Recording *DesktopRecording
}

// StopDesktopRecording ends a recording; it is kept.
func (s *Service) StopDesktopRecording(ctx context.Context, in *StopDesktopRecordingInput) (*StopDesktopRecordingOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	var out *DesktopRecording
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		f, err := visible(tx, sc, *in.RecordingId)
		if err != nil {
			return err
		}
		if f.Status != filming {
			return &smithy.GenericAPIError{
				Code: "InvalidResourceStateException", Message: fmt.Sprintf("The recording %s is %s; only one that is RECORDING can be stopped.", f.ID, f.Status),
			}
		}
		f.finish(call.Time, desktops.FilmStopped)
		f.EndedBy, f.Millis = call.Caller.ARN, call.Time.Sub(f.Start).Milliseconds()
		out = f.outward(call.Time)
		return films.Put(tx, sc, f)
	})
	if err != nil {
		return nil, err
	}
	return &StopDesktopRecordingOutput{Recording: out}, nil
}

func (s *Service) stopDesktopRecordingChecks(ctx context.Context, in *StopDesktopRecordingInput) ([]api.Check, error) {
	return s.onFilm(ctx, "tamachi:RecordDesktop", *in.RecordingId)
}
