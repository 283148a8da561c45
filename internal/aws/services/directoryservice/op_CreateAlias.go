package directoryservice

import (
	"context"
	"errors"
	"strings"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// CreateAlias gives a directory an alias, once: it can be neither changed nor
// used by another, in the whole plane.
func (s *Service) CreateAlias(ctx context.Context, in *ds.CreateAliasInput) (*ds.CreateAliasOutput, error) {
	call := api.CallFrom(ctx)
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		r, err := find(tx, store.In(call.Place()), *in.DirectoryId)
		if err != nil {
			return err
		}
		if r.Alias != "" {
			return badParameter(call, "The directory in the request already has an alias. That alias must be deleted before a new alias can be created.")
		}
		taken, err := directories.Everywhere(tx, "alias", strings.ToLower(*in.Alias))
		if err != nil {
			return err
		}
		if len(taken) > 0 {
			return &types.EntityAlreadyExistsException{
				Message: say("Alias '%s' already exists.", *in.Alias), RequestId: &call.RequestID,
			}
		}
		r.Alias = *in.Alias
		return directories.Put(tx, store.In(call.Place()), r)
	})
	if errors.Is(err, directory.ErrNoDirectory) {
		return nil, missing(call, *in.DirectoryId)
	}
	if err != nil {
		return nil, err
	}
	return &ds.CreateAliasOutput{DirectoryId: in.DirectoryId, Alias: in.Alias}, nil
}

func (s *Service) createAliasChecks(ctx context.Context, in *ds.CreateAliasInput) ([]api.Check, error) {
	return s.on(ctx, "ds:CreateAlias", *in.DirectoryId)
}
