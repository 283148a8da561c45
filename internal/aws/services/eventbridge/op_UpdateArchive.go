package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateArchive changes what an archive keeps from now on, and for how long.
func (s *Service) UpdateArchive(ctx context.Context, in *eventbridge.UpdateArchiveInput) (*eventbridge.UpdateArchiveOutput, error) {
	if deref(in.KmsKeyIdentifier) != "" {
		return nil, invalid("Keys of archives are not available here.")
	}
	var a *archive
	err := s.store.Update(ctx, func(tx *store.Tx) (err error) {
		if a, err = findArchive(tx, store.In(api.CallFrom(ctx).Place()), *in.ArchiveName); err != nil {
			return err
		}
		if in.Description != nil {
			a.Description = in.Description
		}
		if err := a.set(in.EventPattern, in.RetentionDays); err != nil {
			return err
		}
		return archives.Put(tx, a.scope(), a)
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.UpdateArchiveOutput{ArchiveArn: new(a.arn()), State: types.ArchiveStateEnabled, CreationTime: &a.Created}, nil
}

func (s *Service) updateArchiveChecks(ctx context.Context, in *eventbridge.UpdateArchiveInput) ([]api.Check, error) {
	return on(ctx, "events:UpdateArchive", "archive", in.ArchiveName)
}
