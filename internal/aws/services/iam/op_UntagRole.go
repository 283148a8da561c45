package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UntagRole takes tags off a role; a key that it does not have is no error.
func (s *Service) UntagRole(ctx context.Context, in *iam.UntagRoleInput) (*iam.UntagRoleOutput, error) {
	err := alter(ctx, s, &roles, findRole, *in.RoleName, func(_ *store.Tx, _ store.Scope, r *role) error {
		r.Tags = removeTags(r.Tags, in.TagKeys)
		return nil
	})
	return &iam.UntagRoleOutput{}, err
}

func (s *Service) untagRoleChecks(ctx context.Context, in *iam.UntagRoleInput) ([]api.Check, error) {
	c, err := s.checkRole(ctx, "iam:UntagRole", *in.RoleName)
	return []api.Check{withTagKeys(c, in.TagKeys)}, err
}
