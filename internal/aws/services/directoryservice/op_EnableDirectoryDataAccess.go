package directoryservice

import (
	"context"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"

	"tamachi/internal/aws/api"
)

// EnableDirectoryDataAccess lets the operations of Directory Service Data reach a directory
// again.
func (s *Service) EnableDirectoryDataAccess(ctx context.Context, in *ds.EnableDirectoryDataAccessInput) (*ds.EnableDirectoryDataAccessOutput, error) {
	if err := s.closeData(ctx, *in.DirectoryId, false); err != nil {
		return nil, err
	}
	return &ds.EnableDirectoryDataAccessOutput{}, nil
}

func (s *Service) enableDirectoryDataAccessChecks(ctx context.Context, in *ds.EnableDirectoryDataAccessInput) ([]api.Check, error) {
	return s.on(ctx, "ds:EnableDirectoryDataAccess", *in.DirectoryId)
}
