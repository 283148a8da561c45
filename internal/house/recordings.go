package house

import (
	"context"
	"fmt"
	"path/filepath"

	"tamachi/internal/aws/services/tamachi"
	"tamachi/internal/webaccess"
	"tamachi/internal/webaccess/recording"
)

// spareForRecordings is how much of the disk recordings leave free: the store
// must never be the one that finds it full.
const spareForRecordings = 2 << 30

var _ webaccess.Recordings = (*tamachi.Service)(nil)

// openShelf opens the folder of recordings; a lab has none.
func (h *House) openShelf(ctx context.Context) (*recording.Shelf, error) {
	if h.o.Config.Lab {
		return nil, nil
	}
	key, err := bodyKeyOf(ctx, h.store, h.box)
	if err != nil {
		return nil, fmt.Errorf("read the key of recordings: %w", err)
	}
	shelf, err := recording.Open(recording.Options{
		Path: filepath.Join(h.o.Config.Data, "recordings"), Key: key, IDs: h.o.IDs, Spare: spareForRecordings,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCannotStart, err)
	}
	return shelf, nil
}

// recordingURLs are where a browser on this machine redeems tickets
// for recordings; nil where none are kept.
func (h *House) recordingURLs() (playback, export func(ticket string) string) {
	if h.o.Config.Lab {
		return nil, nil
	}
	return func(ticket string) string { return webaccess.PlaybackURL(h.access.HTTP, ticket) },
		func(ticket string) string { return webaccess.ExportURL(h.access.HTTP, ticket) }
}
