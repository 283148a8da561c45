package inventory

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateResourceDataSync changes the Regions of a sync of the type
// SyncFromSource.
func (s *Service) UpdateResourceDataSync(ctx context.Context, in *ssm.UpdateResourceDataSyncInput) (*ssm.UpdateResourceDataSyncOutput, error) {
	call := api.CallFrom(ctx)
	if *in.SyncType != fromSource {
		return nil, invalidSync("A sync of the type " + *in.SyncType + " can't be updated, only one of the type " + fromSource + ".")
	}
	if err := checkSource(in.SyncSource); err != nil {
		return nil, err
	}
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		r, err := sources.Get(tx, store.In(call.Place()), *in.SyncName)
		if missing(err) {
			return noSync(*in.SyncName, in.SyncType)
		}
		if err != nil {
			return err
		}
		r.Regions, r.Modified = sourceRegions(in.SyncSource), call.Time
		return sources.Put(tx, store.In(call.Place()), r)
	})
	if err != nil {
		return nil, err
	}
	return &ssm.UpdateResourceDataSyncOutput{}, nil
}

func (s *Service) updateResourceDataSyncChecks(ctx context.Context, in *ssm.UpdateResourceDataSyncInput) ([]api.Check, error) {
	return syncChecks(ctx, "ssm:UpdateResourceDataSync", *in.SyncName, in.SyncType), nil
}
