package directoryservice

import (
	"context"
	"errors"
	"slices"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// AddTagsToResource gives a directory tags; a key that is there gets the new
// value.
func (s *Service) AddTagsToResource(ctx context.Context, in *ds.AddTagsToResourceInput) (*ds.AddTagsToResourceOutput, error) {
	call := api.CallFrom(ctx)
	if err := uniqueTags(call, in.Tags); err != nil {
		return nil, err
	}
	err := s.retag(ctx, *in.ResourceId, func(r *record) error {
		for _, t := range in.Tags {
			r.tag(*t.Key, *t.Value)
		}
		if len(r.Tags) > maxTags {
			return &types.TagLimitExceededException{
				Message: say("A directory can have at most %d tags.", maxTags), RequestId: &call.RequestID,
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ds.AddTagsToResourceOutput{}, nil
}

// tag sets one tag.
func (r *record) tag(key, value string) {
	i := slices.IndexFunc(r.Tags, func(t tag) bool { return t.Key == key })
	if i < 0 {
		r.Tags = append(r.Tags, tag{key, value})
		return
	}
	r.Tags[i].Value = value
}

// retag changes the tags of a directory.
func (s *Service) retag(ctx context.Context, directoryID string, change func(*record) error) error {
	call := api.CallFrom(ctx)
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		r, err := find(tx, store.In(call.Place()), directoryID)
		if err != nil {
			return err
		}
		r.Tags = slices.Clone(r.Tags)
		if err := change(r); err != nil {
			return err
		}
		return directories.Put(tx, store.In(call.Place()), r)
	})
	if errors.Is(err, directory.ErrNoDirectory) {
		return missing(call, directoryID)
	}
	return err
}

func (s *Service) addTagsToResourceChecks(ctx context.Context, in *ds.AddTagsToResourceInput) ([]api.Check, error) {
	checks, err := s.on(ctx, "ds:AddTagsToResource", *in.ResourceId)
	return giving(checks, in.Tags), err
}

// giving tells checks which tags a request gives.
func giving(checks []api.Check, tags []types.Tag) []api.Check {
	given := make(map[string]string, len(tags))
	for _, t := range tags {
		given[*t.Key] = *t.Value
	}
	for i, c := range checks {
		checks[i] = c.Asking(given, nil)
	}
	return checks
}
