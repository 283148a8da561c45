package resourcegroupstaggingapi

import (
	"context"
	"maps"
	"slices"

	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"tamachi/internal/aws/api"
)

// GetTagKeys lists the tag keys that are in use in the Region.
func (s *Service) GetTagKeys(ctx context.Context, in *tagging.GetTagKeysInput) (*tagging.GetTagKeysOutput, error) {
	call := api.CallFrom(ctx)
	from, err := placeOf(call, "GetTagKeys", in.PaginationToken)
	if err != nil {
		return nil, err
	}
	keys, err := s.words(ctx, func(tags map[string]string) []string { return slices.Collect(maps.Keys(tags)) })
	if err != nil {
		return nil, err
	}
	out := new(tagging.GetTagKeysOutput)
	out.TagKeys, out.PaginationToken = pageOf(call, "GetTagKeys", from, keys)
	return out, nil
}

func (s *Service) getTagKeysChecks(context.Context, *tagging.GetTagKeysInput) ([]api.Check, error) {
	return api.OnAny("tag:GetTagKeys"), nil
}
