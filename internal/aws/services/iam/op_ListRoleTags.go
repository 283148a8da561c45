package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListRoleTags lists a role's tags in the order of their keys.
func (s *Service) ListRoleTags(ctx context.Context, in *iam.ListRoleTagsInput) (*iam.ListRoleTagsOutput, error) {
	out := &iam.ListRoleTagsOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		r, err := findRole(tx, store.Scope{Account: api.CallFrom(ctx).Account}, *in.RoleName)
		if err != nil {
			return err
		}
		tags, p, err := pageTags(r.Tags, asked{"ListRoleTags", in.Marker, in.MaxItems})
		out.Tags, out.IsTruncated, out.Marker = tags, p.truncated, p.marker
		return err
	})
	return out, err
}

func (s *Service) listRoleTagsChecks(ctx context.Context, in *iam.ListRoleTagsInput) ([]api.Check, error) {
	return s.checksOfRole(ctx, "iam:ListRoleTags", in.RoleName)
}
