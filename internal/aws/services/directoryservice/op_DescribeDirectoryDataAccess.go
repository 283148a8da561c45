package directoryservice

import (
	"context"
	"errors"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// DescribeDirectoryDataAccess tells whether the operations of Directory Service
// Data reach a directory.
func (s *Service) DescribeDirectoryDataAccess(ctx context.Context, in *ds.DescribeDirectoryDataAccessInput) (*ds.DescribeDirectoryDataAccessOutput, error) {
	call := api.CallFrom(ctx)
	out := &ds.DescribeDirectoryDataAccessOutput{DataAccessStatus: types.DataAccessStatusEnabled}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		r, err := find(tx, store.In(call.Place()), *in.DirectoryId)
		if err == nil && r.Closed {
			out.DataAccessStatus = types.DataAccessStatusDisabled
		}
		return err
	})
	if err != nil {
		return nil, notThere(call, *in.DirectoryId, err)
	}
	return out, nil
}

// notThere says in the words of these operations that there is no directory.
func notThere(call *api.Call, directoryID string, err error) error {
	if !errors.Is(err, directory.ErrNoDirectory) {
		return err
	}
	return &types.DirectoryDoesNotExistException{
		Message: say("Directory %s does not exist", directoryID), RequestId: &call.RequestID,
	}
}

// closeData opens or closes a directory's data, which must be the other way.
func (s *Service) closeData(ctx context.Context, directoryID string, closed bool) error {
	call := api.CallFrom(ctx)
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		r, err := find(tx, store.In(call.Place()), directoryID)
		if err != nil {
			return err
		}
		if r.Closed == closed {
			return &types.DirectoryInDesiredStateException{
				Message: say("The directory %s is in the desired state already.", directoryID), RequestId: &call.RequestID,
			}
		}
		r.Closed = closed
		return directories.Put(tx, store.In(call.Place()), r)
	})
	return notThere(call, directoryID, err)
}

func (s *Service) describeDirectoryDataAccessChecks(ctx context.Context, in *ds.DescribeDirectoryDataAccessInput) ([]api.Check, error) {
	return s.on(ctx, "ds:DescribeDirectoryDataAccess", *in.DirectoryId)
}
