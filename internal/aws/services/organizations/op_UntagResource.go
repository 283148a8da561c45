package organizations

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UntagResource takes tags from a root, a unit, an account or a policy.
func (s *Service) UntagResource(ctx context.Context, in *organizations.UntagResourceInput) (*organizations.UntagResourceOutput, error) {
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		t, err := o.wantTagged(tx, *in.ResourceId)
		if err != nil {
			return err
		}
		tags := maps.Clone(t.tags)
		for _, key := range in.TagKeys {
			delete(tags, key)
		}
		return t.keep(tx, tags)
	})
	if err != nil {
		return nil, err
	}
	return &organizations.UntagResourceOutput{}, nil
}

func (s *Service) untagResourceChecks(ctx context.Context, in *organizations.UntagResourceInput) ([]api.Check, error) {
	checks, err := s.on(ctx, "UntagResource", *in.ResourceId)
	for i := range checks {
		checks[i].Sets = map[string][]string{"aws:TagKeys": in.TagKeys}
	}
	return checks, err
}
