package directoryservice

import (
	"context"
	"errors"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// DeleteDirectory removes a directory with all its users; the directory server
// stops answering for it. A directory that is registered for desktops stays:
// whoever registered it has its service account.
func (s *Service) DeleteDirectory(ctx context.Context, in *ds.DeleteDirectoryInput) (*ds.DeleteDirectoryOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	connected := false
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		r, err := find(tx, sc, *in.DirectoryId)
		if err != nil {
			return err
		}
		connected = r.Connect != nil
		switch _, err := credentials.Get(tx, sc, *in.DirectoryId); {
		case err == nil:
			return client(call, "Cannot delete the directory because it still has authorized applications. : RequestId: "+call.RequestID)
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		if err := dropFactors(tx, sc, *in.DirectoryId); err != nil {
			return err
		}
		if err := s.ports.Users.Dismiss(tx, sc, *in.DirectoryId); err != nil {
			return err
		}
		return directories.Delete(tx, sc, *in.DirectoryId)
	})
	if errors.Is(err, directory.ErrNoDirectory) {
		return nil, missing(call, *in.DirectoryId)
	}
	if err != nil {
		return nil, err
	}
	if connected {
		s.ports.Remotes.Forget(*in.DirectoryId)
	}
	return &ds.DeleteDirectoryOutput{DirectoryId: in.DirectoryId}, nil
}

func (s *Service) deleteDirectoryChecks(ctx context.Context, in *ds.DeleteDirectoryInput) ([]api.Check, error) {
	return s.on(ctx, "ds:DeleteDirectory", *in.DirectoryId)
}
