package tamachi

import (
	"context"
	"time"

	"tamachi/internal/aws/api"
)

// PlayDesktopRecordingInput names the recording that is to be seen, and why.
type PlayDesktopRecordingInput struct {
	RecordingId *string
	Reason      *string // for the trail
}

// PlayDesktopRecordingOutput is a single-use address of the recording's page.
type PlayDesktopRecordingOutput struct {
	Url       *string    // secret until it is used
	ExpiresAt *time.Time // 60 seconds from the call
}

// PlayDesktopRecording gives the caller a URL that plays a recording in the
// browser, for two hours.
func (s *Service) PlayDesktopRecording(ctx context.Context, in *PlayDesktopRecordingInput) (*PlayDesktopRecordingOutput, error) {
	ticket, expires, err := s.screening(ctx, *in.RecordingId, false)
	if err != nil {
		return nil, err
	}
	url := s.ports.PlaybackURL(ticket)
	return &PlayDesktopRecordingOutput{Url: &url, ExpiresAt: &expires}, nil
}

func (s *Service) playDesktopRecordingChecks(ctx context.Context, in *PlayDesktopRecordingInput) ([]api.Check, error) {
	return s.onFilm(ctx, "tamachi:PlayDesktopRecording", *in.RecordingId)
}
