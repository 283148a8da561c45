package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// ListRoles lists the roles under a path in the order of their names, without
// tags, boundary and last use.
func (s *Service) ListRoles(ctx context.Context, in *iam.ListRolesInput) (*iam.ListRolesOutput, error) {
	found, p, err := listBelow(ctx, s, &roles, asked{"ListRoles", in.Marker, in.MaxItems}, in.PathPrefix, func(r *role) string { return r.Path }, (*role).shown)
	if err != nil {
		return nil, err
	}
	return &iam.ListRolesOutput{Roles: found, IsTruncated: p.truncated, Marker: p.marker}, nil
}

func (s *Service) listRolesChecks(context.Context, *iam.ListRolesInput) ([]api.Check, error) {
	return api.OnAny("iam:ListRoles"), nil
}
