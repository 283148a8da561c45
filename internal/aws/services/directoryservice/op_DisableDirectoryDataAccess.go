package directoryservice

import (
	"context"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"

	"tamachi/internal/aws/api"
)

// DisableDirectoryDataAccess keeps the operations of Directory Service Data out of
// a directory; its people sign in as before.
func (s *Service) DisableDirectoryDataAccess(ctx context.Context, in *ds.DisableDirectoryDataAccessInput) (*ds.DisableDirectoryDataAccessOutput, error) {
	if err := s.closeData(ctx, *in.DirectoryId, true); err != nil {
		return nil, err
	}
	return &ds.DisableDirectoryDataAccessOutput{}, nil
}

func (s *Service) disableDirectoryDataAccessChecks(ctx context.Context, in *ds.DisableDirectoryDataAccessInput) ([]api.Check, error) {
	return s.on(ctx, "ds:DisableDirectoryDataAccess", *in.DirectoryId)
}
