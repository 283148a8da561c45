package cloudtrail

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// RemoveTags removes tags from a trail.
func (s *Service) RemoveTags(ctx context.Context, in *cloudtrail.RemoveTagsInput) (*cloudtrail.RemoveTagsOutput, error) {
	call := api.CallFrom(ctx)
	ref, err := tagged(call, *in.ResourceId)
	if err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		t, err := ref.home(tx, call)
		if err != nil {
			return untagged(err)
		}
		t.Tags = dropTags(t.Tags, in.TagsList)
		return trails.Put(tx, store.Scope{Account: t.Account}, t)
	})
	if err != nil {
		return nil, fmt.Errorf("change the tags of %s: %w", *in.ResourceId, err)
	}
	return &cloudtrail.RemoveTagsOutput{}, nil
}

func (s *Service) removeTagsChecks(ctx context.Context, in *cloudtrail.RemoveTagsInput) ([]api.Check, error) {
	checks, err := s.onTagged(ctx, "cloudtrail:RemoveTags", *in.ResourceId)
	if err == nil {
		checks[0].Keys, checks[0].Sets = requestTags(in.TagsList)
	}
	return checks, err
}
