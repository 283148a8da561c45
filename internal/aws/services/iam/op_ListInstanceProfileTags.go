package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListInstanceProfileTags lists an instance profile's tags in the order of
// their keys.
func (s *Service) ListInstanceProfileTags(ctx context.Context, in *iam.ListInstanceProfileTagsInput) (*iam.ListInstanceProfileTagsOutput, error) {
	out := &iam.ListInstanceProfileTagsOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		p, err := findProfile(tx, store.Scope{Account: api.CallFrom(ctx).Account}, *in.InstanceProfileName)
		if err != nil {
			return err
		}
		tags, page, err := pageTags(p.Tags, asked{"ListInstanceProfileTags", in.Marker, in.MaxItems})
		out.Tags, out.IsTruncated, out.Marker = tags, page.truncated, page.marker
		return err
	})
	return out, err
}

func (s *Service) listInstanceProfileTagsChecks(ctx context.Context, in *iam.ListInstanceProfileTagsInput) ([]api.Check, error) {
	return s.checksOfProfile(ctx, "iam:ListInstanceProfileTags", in.InstanceProfileName)
}
