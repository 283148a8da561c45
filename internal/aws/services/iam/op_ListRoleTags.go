package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// ListRoleTags lists a role's tags in the order of their keys.
func (s *Service) ListRoleTags(ctx context.Context, in *iam.ListRoleTagsInput) (*iam.ListRoleTagsOutput, error) {
	tags, end, err := listTags(ctx, s, findRole, *in.RoleName, func(r *role) map[string]string { return r.Tags }, asked{"ListRoleTags", in.Marker, in.MaxItems})
	if err != nil {
		return nil, err
	}
	return &iam.ListRoleTagsOutput{Tags: tags, IsTruncated: end.truncated, Marker: end.marker}, nil
}

func (s *Service) listRoleTagsChecks(ctx context.Context, in *iam.ListRoleTagsInput) ([]api.Check, error) {
	return s.checksOfRole(ctx, "iam:ListRoleTags", in.RoleName)
}
