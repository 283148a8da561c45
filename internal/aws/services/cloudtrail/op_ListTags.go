package cloudtrail

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListTags lists the tags of up to 20 trails.
func (s *Service) ListTags(ctx context.Context, in *cloudtrail.ListTagsInput) (*cloudtrail.ListTagsOutput, error) {
	call := api.CallFrom(ctx)
	if in.NextToken != nil { // everything fits into one answer, so no token was given out
		return nil, &types.InvalidTokenException{Message: aws.String("The pagination token is not valid.")}
	}
	if n := len(in.ResourceIdList); n > mostListed {
		return nil, &types.ResourceNotFoundException{Message: aws.String(fmt.Sprintf("%d resources were named; the most is %d.", n, mostListed))}
	}
	out := &cloudtrail.ListTagsOutput{ResourceTagList: []types.ResourceTag{}}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		for _, given := range in.ResourceIdList {
			ref, err := tagged(call, given)
			if err != nil {
				return err
			}
			t, err := ref.find(tx)
			if err != nil {
				return untagged(err)
			}
			shown := types.ResourceTag{ResourceId: aws.String(given), TagsList: []types.Tag{}}
			for _, k := range slices.Sorted(maps.Keys(t.Tags)) {
				shown.TagsList = append(shown.TagsList, types.Tag{Key: aws.String(k), Value: aws.String(t.Tags[k])})
			}
			out.ResourceTagList = append(out.ResourceTagList, shown)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// mostListed bounds the ARNs of one call.
// Source: CloudTrail API Reference, "ListTags".
const mostListed = 20

func (s *Service) listTagsChecks(ctx context.Context, in *cloudtrail.ListTagsInput) ([]api.Check, error) {
	var checks []api.Check
	for _, given := range in.ResourceIdList {
		more, err := s.onTagged(ctx, "cloudtrail:ListTags", given)
		if err != nil {
			return nil, err
		}
		checks = append(checks, more...)
	}
	if len(checks) == 0 {
		return api.OnAny("cloudtrail:ListTags"), nil
	}
	return checks, nil
}
