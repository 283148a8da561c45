package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteArchive deletes an archive; nobody sees its events any more, and Upkeep
// removes them.
func (s *Service) DeleteArchive(ctx context.Context, in *eventbridge.DeleteArchiveInput) (*eventbridge.DeleteArchiveOutput, error) {
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		a, err := findArchive(tx, store.In(api.CallFrom(ctx).Place()), *in.ArchiveName)
		if err != nil {
			return err
		}
		if err := leftovers.Put(tx, a.scope(), &leftover{a.ID}); err != nil {
			return err
		}
		return archives.Delete(tx, a.scope(), a.Name)
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.DeleteArchiveOutput{}, nil
}

func (s *Service) deleteArchiveChecks(ctx context.Context, in *eventbridge.DeleteArchiveInput) ([]api.Check, error) {
	return on(ctx, "events:DeleteArchive", "archive", in.ArchiveName)
}
