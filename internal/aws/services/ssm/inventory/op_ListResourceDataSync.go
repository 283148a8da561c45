package inventory

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// ListResourceDataSync lists syncs and how their last write ended.
func (s *Service) ListResourceDataSync(ctx context.Context, in *ssm.ListResourceDataSyncInput) (*ssm.ListResourceDataSyncOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place("ListResourceDataSync", in.NextToken, in.MaxResults, usually)
	if err != nil {
		return nil, err
	}
	if kind := aws.ToString(in.SyncType); kind != "" && kind != toDestination && kind != fromSource {
		return nil, invalidSync("The sync type isn't valid: " + kind + ".")
	}
	out := &ssm.ListResourceDataSyncOutput{}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		all, err := shownSyncs(tx, scope, aws.ToString(in.SyncType))
		page, next := window(all, func(r types.ResourceDataSyncItem) string { return *r.SyncName }, after, limit)
		out.ResourceDataSyncItems = append([]types.ResourceDataSyncItem{}, page...)
		if out.NextToken = nil; next != "" {
			out.NextToken = new(api.Token("ListResourceDataSync", next))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// shownSyncs are all syncs of a type, by their names; no type is both.
func shownSyncs(tx *store.Tx, scope store.Scope, kind string) (out []types.ResourceDataSyncItem, err error) {
	if kind != fromSource {
		all, err := syncs.List(tx, scope, store.Page{})
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			owed, err := dues.By(tx, scope, "sync", r.Name, store.Page{Limit: 1})
			if err != nil {
				return nil, err
			}
			out = append(out, r.describe(len(owed) > 0))
		}
	}
	if kind != toDestination {
		all, err := sources.List(tx, scope, store.Page{})
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			out = append(out, r.describe())
		}
	}
	slices.SortFunc(out, func(a, b types.ResourceDataSyncItem) int { return strings.Compare(*a.SyncName, *b.SyncName) })
	return out, nil
}

func (s *Service) listResourceDataSyncChecks(context.Context, *ssm.ListResourceDataSyncInput) ([]api.Check, error) {
	return api.OnAny("ssm:ListResourceDataSync"), nil
}
