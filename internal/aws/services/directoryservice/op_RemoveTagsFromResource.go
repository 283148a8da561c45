package directoryservice

import (
	"context"
	"slices"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"

	"tamachi/internal/aws/api"
)

// RemoveTagsFromResource takes tags off a directory; a key that is not there
// is no error.
func (s *Service) RemoveTagsFromResource(ctx context.Context, in *ds.RemoveTagsFromResourceInput) (*ds.RemoveTagsFromResourceOutput, error) {
	err := s.retag(ctx, *in.ResourceId, func(r *record) error {
		r.Tags = slices.DeleteFunc(r.Tags, func(t tag) bool { return slices.Contains(in.TagKeys, t.Key) })
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ds.RemoveTagsFromResourceOutput{}, nil
}

func (s *Service) removeTagsFromResourceChecks(ctx context.Context, in *ds.RemoveTagsFromResourceInput) ([]api.Check, error) {
	checks, err := s.on(ctx, "ds:RemoveTagsFromResource", *in.ResourceId)
	if err != nil {
		return nil, err
	}
	checks[0] = checks[0].Asking(nil, in.TagKeys)
	return checks, nil
}
