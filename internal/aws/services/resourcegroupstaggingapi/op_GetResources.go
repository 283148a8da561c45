package resourcegroupstaggingapi

import (
	"context"
	"maps"
	"slices"

	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"tamachi/internal/aws/api"
)

// GetResources lists tagged resources: those of some types with some tags, or
// those that are named.
func (s *Service) GetResources(ctx context.Context, in *tagging.GetResourcesInput) (*tagging.GetResourcesOutput, error) {
	call := api.CallFrom(ctx)
	q, err := newQuery(in)
	if err != nil {
		return nil, err
	}
	from, err := placeOf(call, "GetResources", in.PaginationToken)
	if err != nil {
		return nil, err
	}
	all, err := s.find(ctx, q.wants)
	if err != nil {
		return nil, err
	}
	out := &tagging.GetResourcesOutput{ResourceTagMappingList: []types.ResourceTagMapping{}, PaginationToken: new("")}
	pairs := 0
	for _, r := range all {
		if !from.before(r.ARN) || !q.fits(r) {
			continue
		}
		n := len(out.ResourceTagMappingList)
		pairs += len(r.Tags)
		if n > 0 && (n == q.resources || q.pairs > 0 && pairs > q.pairs) {
			out.PaginationToken = tokenOf(call, "GetResources", *out.ResourceTagMappingList[n-1].ResourceARN)
			break
		}
		out.ResourceTagMappingList = append(out.ResourceTagMappingList, types.ResourceTagMapping{ResourceARN: new(r.ARN), Tags: list(r.Tags)})
	}
	return out, nil
}

// list shows tags in the order of their keys.
func list(tags map[string]string) []types.Tag {
	out := make([]types.Tag, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, types.Tag{Key: new(key), Value: new(tags[key])})
	}
	return out
}

func (s *Service) getResourcesChecks(context.Context, *tagging.GetResourcesInput) ([]api.Check, error) {
	return api.OnAny("tag:GetResources"), nil
}
