package organizations

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// TagResource sets tags of a root, a unit, an account or a policy.
func (s *Service) TagResource(ctx context.Context, in *organizations.TagResourceInput) (*organizations.TagResourceOutput, error) {
	given, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	err = s.update(ctx, func(tx *store.Tx, o *organization) error {
		t, err := o.wantTagged(tx, *in.ResourceId)
		if err != nil {
			return err
		}
		tags := maps.Clone(t.tags)
		if tags == nil {
			tags = map[string]string{}
		}
		maps.Copy(tags, given)
		if len(tags) > maxTags {
			return violation(types.ConstraintViolationExceptionReasonMaxTagLimitExceeded, "You have exceeded the number of tags allowed on this resource.")
		}
		return t.keep(tx, tags)
	})
	if err != nil {
		return nil, err
	}
	return &organizations.TagResourceOutput{}, nil
}

func (s *Service) tagResourceChecks(ctx context.Context, in *organizations.TagResourceInput) ([]api.Check, error) {
	checks, err := s.on(ctx, "TagResource", *in.ResourceId)
	if err != nil {
		return nil, err
	}
	checks, err = tagged(checks, nil, in.Tags)
	return checks[:1], err
}
