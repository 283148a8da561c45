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
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		r, err := findRole(tx, sc, *in.RoleName)
		if err != nil {
			return err
		}
		if r.Tags, err = addTags(r.Tags, in.Tags); err != nil {
			return err
		}
		return roles.Put(tx, sc, r)
	})
	return &iam.TagRoleOutput{}, err
}

func (s *Service) tagRoleChecks(ctx context.Context, in *iam.TagRoleInput) ([]api.Check, error) {
	c, err := s.checkRole(ctx, "iam:TagRole", *in.RoleName)
	return []api.Check{withRequestTags(c, in.Tags)}, err
}
