package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// TagRole adds tags to a role, or gives those that are there new values; a
// service-linked role may be tagged too.
func (s *Service) TagRole(ctx context.Context, in *iam.TagRoleInput) (*iam.TagRoleOutput, error) {
	err := alter(ctx, s, &roles, findRole, *in.RoleName, func(_ *store.Tx, _ store.Scope, r *role) (err error) {
		r.Tags, err = addTags(r.Tags, in.Tags)
		return err
	})
	return &iam.TagRoleOutput{}, err
}

func (s *Service) tagRoleChecks(ctx context.Context, in *iam.TagRoleInput) ([]api.Check, error) {
	c, err := s.checkRole(ctx, "iam:TagRole", *in.RoleName)
	return []api.Check{withRequestTags(c, in.Tags)}, err
}
