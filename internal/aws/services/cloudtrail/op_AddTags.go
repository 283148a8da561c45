package cloudtrail

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// AddTags sets tags of a trail.
func (s *Service) AddTags(ctx context.Context, in *cloudtrail.AddTagsInput) (*cloudtrail.AddTagsOutput, error) {
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
		if t.Tags, err = setTags(t.Tags, in.TagsList); err != nil {
			return err
		}
		return trails.Put(tx, store.Scope{Account: t.Account}, t)
	})
	if err != nil {
		return nil, fmt.Errorf("change the tags of %s: %w", *in.ResourceId, err)
	}
	return &cloudtrail.AddTagsOutput{}, nil
}

func (s *Service) addTagsChecks(ctx context.Context, in *cloudtrail.AddTagsInput) ([]api.Check, error) {
	checks, err := s.onTagged(ctx, "cloudtrail:AddTags", *in.ResourceId)
	if err == nil {
		checks[0].Keys, checks[0].Sets = requestTags(in.TagsList)
	}
	return checks, err
}
