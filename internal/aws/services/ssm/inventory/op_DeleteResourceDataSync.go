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
	scope := scopeOf(api.CallFrom(ctx))
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		if !isDestination(in.SyncType) {
			return noSync(in)
		}
		err := syncs.Delete(tx, scope, *in.SyncName)
		if missing(err) {
			return noSync(in)
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

func noSync(in *ssm.DeleteResourceDataSyncInput) error {
	kind := aws.ToString(in.SyncType)
	if kind == "" {
		kind = toDestination
	}
	return &types.ResourceDataSyncNotFoundException{SyncName: in.SyncName, SyncType: &kind, Message: new("The specified sync name wasn't found: " + *in.SyncName + ".")}
}

func (s *Service) deleteResourceDataSyncChecks(ctx context.Context, in *ssm.DeleteResourceDataSyncInput) ([]api.Check, error) {
	return syncChecks(ctx, "ssm:DeleteResourceDataSync", *in.SyncName, in.SyncType), nil
}
