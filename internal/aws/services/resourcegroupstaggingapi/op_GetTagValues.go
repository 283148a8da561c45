package resourcegroupstaggingapi

import (
	"context"

	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"tamachi/internal/aws/api"
)

// GetTagValues lists the values that a tag key has in the Region. A key that
// is not in use has none.
func (s *Service) GetTagValues(ctx context.Context, in *tagging.GetTagValuesInput) (*tagging.GetTagValuesOutput, error) {
	call := api.CallFrom(ctx)
	list := "GetTagValues " + *in.Key
	from, err := placeOf(call, list, in.PaginationToken)
	if err != nil {
		return nil, err
	}
	values, err := s.words(ctx, func(tags map[string]string) []string {
		if value, has := tags[*in.Key]; has {
			return []string{value}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := new(tagging.GetTagValuesOutput)
	out.TagValues, out.PaginationToken = pageOf(call, list, from, values)
	return out, nil
}

func (s *Service) getTagValuesChecks(context.Context, *tagging.GetTagValuesInput) ([]api.Check, error) {
	return api.OnAny("tag:GetTagValues"), nil
}
