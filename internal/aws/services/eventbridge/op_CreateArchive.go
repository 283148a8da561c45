package eventbridge

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateArchive begins to keep the events of a bus, from now on.
func (s *Service) CreateArchive(ctx context.Context, in *eventbridge.CreateArchiveInput) (*eventbridge.CreateArchiveOutput, error) {
	if in.KmsKeyIdentifier != nil {
		return nil, invalid("Keys of archives are not available here.")
	}
	call := api.CallFrom(ctx)
	where, err := busNamed(call, in.EventSourceArn)
	if err != nil {
		return nil, err
	}
	a := &archive{
		Name: *in.ArchiveName, ID: s.ids.UUID(), Account: call.Account, Region: call.Region, Bus: where, Description: in.Description, Created: call.Time,
	}
	if err := a.set(in.EventPattern, in.RetentionDays); err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := findBus(tx, a.scope(), where); err != nil {
			return err
		}
		if _, err := archives.Get(tx, a.scope(), a.Name); !errors.Is(err, store.ErrNotFound) {
			if err == nil {
				err = &types.ResourceAlreadyExistsException{Message: new("Archive " + a.Name + " already exists.")}
			}
			return err
		}
		return archives.Put(tx, a.scope(), a)
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.CreateArchiveOutput{ArchiveArn: new(a.arn()), State: types.ArchiveStateEnabled, CreationTime: &a.Created}, nil
}

// set changes what an archive keeps, and for how long.
func (a *archive) set(pattern *string, days *int32) error {
	if pattern != nil {
		if *pattern != "" {
			if _, err := checkPattern(*pattern); err != nil {
				return err
			}
		}
		a.Pattern = *pattern
	}
	if days != nil {
		a.Days = *days
	}
	return nil
}

func (s *Service) createArchiveChecks(ctx context.Context, in *eventbridge.CreateArchiveInput) ([]api.Check, error) {
	return on(ctx, "events:CreateArchive", "archive", in.ArchiveName)
}
