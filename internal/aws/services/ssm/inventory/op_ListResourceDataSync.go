package inventory

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListResourceDataSync lists syncs and how their last write ended.
func (s *Service) ListResourceDataSync(ctx context.Context, in *ssm.ListResourceDataSyncInput) (*ssm.ListResourceDataSyncOutput, error) {
	scope := scopeOf(api.CallFrom(ctx))
	after, limit, err := place("ListResourceDataSync", in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	if kind := aws.ToString(in.SyncType); kind != "" && kind != toDestination && kind != fromSource {
		return nil, invalidSync("The sync type isn't valid: " + kind + ".")
	}
	out := &ssm.ListResourceDataSyncOutput{ResourceDataSyncItems: []types.ResourceDataSyncItem{}}
	if !isDestination(in.SyncType) {
		return out, nil // there are none
	}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		all, err := syncs.List(tx, scope, store.Page{})
		if err != nil {
			return err
		}
		page, next := window(all, syncs.Key, after, limit)
		if next != "" {
			out.NextToken = new(api.Token("ListResourceDataSync", next))
		}
		for _, r := range page {
			owed, err := dues.By(tx, scope, "sync", r.Name, store.Page{Limit: 1})
			if err != nil {
				return err
			}
			out.ResourceDataSyncItems = append(out.ResourceDataSyncItems, r.describe(len(owed) > 0))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) listResourceDataSyncChecks(context.Context, *ssm.ListResourceDataSyncInput) ([]api.Check, error) {
	return api.OnAny("ssm:ListResourceDataSync"), nil
}
