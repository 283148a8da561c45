package inventory

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteResourceDataSync ends a sync. What it wrote stays in the bucket.
func (s *Service) DeleteResourceDataSync(ctx context.Context, in *ssm.DeleteResourceDataSyncInput) (*ssm.DeleteResourceDataSyncOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		var err error
		switch {
		case isDestination(in.SyncType):
			err = syncs.Delete(tx, scope, *in.SyncName)
		case *in.SyncType == fromSource:
			err = sources.Delete(tx, scope, *in.SyncName)
		default:
			err = noSync(*in.SyncName, in.SyncType)
		}
		if missing(err) {
			return noSync(*in.SyncName, in.SyncType)
		}
		if err != nil {
			return err
		}
		owed, err := dues.By(tx, scope, "sync", *in.SyncName, store.Page{})
		if err != nil {
			return err
		}
		for _, d := range owed {
			if err := dues.Delete(tx, scope, dues.Key(d)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ssm.DeleteResourceDataSyncOutput{}, nil
}

func noSync(name string, kind *string) error {
	if aws.ToString(kind) == "" {
		kind = aws.String(toDestination)
	}
	return &types.ResourceDataSyncNotFoundException{SyncName: &name, SyncType: kind, Message: new("The specified sync name wasn't found: " + name + ".")}
}

func (s *Service) deleteResourceDataSyncChecks(ctx context.Context, in *ssm.DeleteResourceDataSyncInput) ([]api.Check, error) {
	return syncChecks(ctx, "ssm:DeleteResourceDataSync", *in.SyncName, in.SyncType), nil
}
