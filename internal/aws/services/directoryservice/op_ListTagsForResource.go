package directoryservice

import (
	"context"
	"errors"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// mostTags is a page without a Limit: all that a directory can have.
const mostTags = maxTags

// ListTagsForResource shows the tags of a directory.
func (s *Service) ListTagsForResource(ctx context.Context, in *ds.ListTagsForResourceInput) (*ds.ListTagsForResourceOutput, error) {
	call := api.CallFrom(ctx)
	from, err := startOf(call, "ListTagsForResource "+*in.ResourceId, in.NextToken)
	if err != nil {
		return nil, err
	}
	var r *record
	err = s.st.View(ctx, func(tx *store.Tx) error {
		var err error
		r, err = find(tx, store.In(call.Place()), *in.ResourceId)
		return err
	})
	if errors.Is(err, directory.ErrNoDirectory) {
		return nil, missing(call, *in.ResourceId)
	}
	if err != nil {
		return nil, err
	}
	return r.tagPage(in, from), nil
}

// tagPage returns the tags behind the one named from.
func (r *record) tagPage(in *ds.ListTagsForResourceInput, from string) *ds.ListTagsForResourceOutput {
	limit := mostTags
	if in.Limit != nil && *in.Limit > 0 {
		limit = int(*in.Limit)
	}
	out := &ds.ListTagsForResourceOutput{Tags: []types.Tag{}}
	past := from == ""
	for i := range r.Tags {
		switch t := &r.Tags[i]; {
		case !past:
			past = t.Key == from
		case len(out.Tags) == limit:
			token := api.Token("ListTagsForResource "+r.ID, *out.Tags[limit-1].Key)
			out.NextToken = &token
			return out
		default:
			out.Tags = append(out.Tags, types.Tag{Key: &t.Key, Value: &t.Value})
		}
	}
	return out
}

func (s *Service) listTagsForResourceChecks(ctx context.Context, in *ds.ListTagsForResourceInput) ([]api.Check, error) {
	return s.on(ctx, "ds:ListTagsForResource", *in.ResourceId)
}
