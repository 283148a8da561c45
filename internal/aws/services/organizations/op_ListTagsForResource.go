package organizations

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListTagsForResource lists the tags of a root, a unit, an account or a policy.
func (s *Service) ListTagsForResource(ctx context.Context, in *organizations.ListTagsForResourceInput) (*organizations.ListTagsForResourceOutput, error) {
	out := &organizations.ListTagsForResourceOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		t, err := o.wantTagged(tx, *in.ResourceId)
		if err != nil {
			return err
		}
		keys := slices.Sorted(maps.Keys(t.tags))
		shown, next, err := page("ListTagsForResource", in.NextToken, nil, keys, func(key string) string { return key })
		for _, key := range shown {
			out.Tags = append(out.Tags, types.Tag{Key: aws.String(key), Value: aws.String(t.tags[key])})
		}
		out.NextToken = next
		return err
	})
	return out, err
}

func (s *Service) listTagsForResourceChecks(ctx context.Context, in *organizations.ListTagsForResourceInput) ([]api.Check, error) {
	return s.on(ctx, "ListTagsForResource", *in.ResourceId)
}
