package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// ListUsers lists the users below a path, without tags and boundaries, as AWS
// does.
func (s *Service) ListUsers(ctx context.Context, in *iam.ListUsersInput) (*iam.ListUsersOutput, error) {
	found, p, err := listBelow(ctx, s, &users, asked{"ListUsers", in.Marker, in.MaxItems}, in.PathPrefix, func(u *user) string { return u.Path }, (*user).shown)
	if err != nil {
		return nil, err
	}
	return &iam.ListUsersOutput{Users: found, IsTruncated: p.truncated, Marker: p.marker}, nil
}

func (s *Service) listUsersChecks(context.Context, *iam.ListUsersInput) ([]api.Check, error) {
	return api.OnAny("iam:ListUsers"), nil
}
