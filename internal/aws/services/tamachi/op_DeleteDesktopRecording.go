package tamachi

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteDesktopRecordingInput names a recording.
type DeleteDesktopRecordingInput struct {
	RecordingId *string
}

// DeleteDesktopRecordingOutput is empty.
type DeleteDesktopRecordingOutput struct{}

// DeleteDesktopRecording deletes a recording, ending it if it runs. Nobody sees
// it from now on; its file goes within seconds. That it was stays known.
func (s *Service) DeleteDesktopRecording(ctx context.Context, in *DeleteDesktopRecordingInput) (*DeleteDesktopRecordingOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		f, err := visible(tx, sc, *in.RecordingId)
		if err != nil {
			return err
		}
		f.remove(call.Time, call.Caller.ARN)
		return films.Put(tx, sc, f)
	})
	if err != nil {
		return nil, err
	}
	return &DeleteDesktopRecordingOutput{}, nil
}

func (s *Service) deleteDesktopRecordingChecks(ctx context.Context, in *DeleteDesktopRecordingInput) ([]api.Check, error) {
	return s.onFilm(ctx, "tamachi:DeleteDesktopRecording", *in.RecordingId)
}
