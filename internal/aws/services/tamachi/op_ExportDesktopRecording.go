package tamachi

import (
	"context"
	"time"

	"tamachi/internal/aws/api"
)

// ExportDesktopRecordingInput names the recording that is to be taken away, and
// why.
type ExportDesktopRecordingInput struct {
	RecordingId *string
	Reason      *string // for the trail
}

// ExportDesktopRecordingOutput is a single-use address of the recording's file.
type ExportDesktopRecordingOutput struct {
	Url       *string    // secret until it is used
	ExpiresAt *time.Time // 60 seconds from the call
}

// ExportDesktopRecording gives the caller a URL from which the recording can be
// had as one file, once: a page that plays without the plane.
func (s *Service) ExportDesktopRecording(ctx context.Context, in *ExportDesktopRecordingInput) (*ExportDesktopRecordingOutput, error) {
	ticket, expires, err := s.screening(ctx, *in.RecordingId, true)
	if err != nil {
		return nil, err
	}
	url := s.ports.ExportURL(ticket)
	return &ExportDesktopRecordingOutput{Url: &url, ExpiresAt: &expires}, nil
}

// exportDesktopRecordingChecks asks for another right than playing: what was
// taken away is in nobody's retention.
func (s *Service) exportDesktopRecordingChecks(ctx context.Context, in *ExportDesktopRecordingInput) ([]api.Check, error) {
	return s.onFilm(ctx, "tamachi:ExportDesktopRecording", *in.RecordingId)
}
