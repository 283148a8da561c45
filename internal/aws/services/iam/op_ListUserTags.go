package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListUserTags lists the tags of a user in the order of their keys.
func (s *Service) ListUserTags(ctx context.Context, in *iam.ListUserTagsInput) (*iam.ListUserTagsOutput, error) {
	out := &iam.ListUserTagsOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, store.Scope{Account: api.CallFrom(ctx).Account}, *in.UserName)
		if err != nil {
			return err
		}
		tags, page, err := pageTags(u.Tags, asked{"ListUserTags", in.Marker, in.MaxItems})
		out.Tags, out.IsTruncated, out.Marker = tags, page.truncated, page.marker
		return err
	})
	return out, err
}

func (s *Service) listUserTagsChecks(ctx context.Context, in *iam.ListUserTagsInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:ListUserTags", in.UserName)
}
