package s3

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// retagObject gives a version of an object a set of tags. It returns the
// version's id for the answer.
func (s *Service) retagObject(ctx context.Context, name, expected, key, version *string, tags map[string]string) (shown *string, err error) {
	err = s.within(ctx, name, expected, func(tx *store.Tx, b *bucket) error {
		o, err := readable(tx, b, *key, version)
		if err != nil {
			return err
		}
		o.Tags = tags
		shown = o.shown(b)
		return versions.Put(tx, b.scope(), o)
	})
	return shown, err
}

// onTags makes the checks of an operation on an object's tags. verb is Get,
// Put or Delete: with a version the action has another name.
func (s *Service) onTags(ctx context.Context, verb string, name, key, version *string) ([]api.Check, error) {
	checks, err := s.onVersion(ctx, name, key, version)
	if err != nil {
		return nil, err
	}
	checks[0].Action = "s3:" + verb + "ObjectTagging"
	if version != nil {
		checks[0].Action = "s3:" + verb + "ObjectVersionTagging"
	}
	return checks, nil
}
