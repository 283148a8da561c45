package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// TagUser adds tags to a user, or gives them other values.
func (s *Service) TagUser(ctx context.Context, in *iam.TagUserInput) (*iam.TagUserOutput, error) {
	err := alter(ctx, s, &users, findUser, *in.UserName, func(_ *store.Tx, _ store.Scope, u *user) (err error) {
		u.Tags, err = addTags(u.Tags, in.Tags)
		return err
	})
	return &iam.TagUserOutput{}, err
}

func (s *Service) tagUserChecks(ctx context.Context, in *iam.TagUserInput) ([]api.Check, error) {
	c, err := s.checkUser(ctx, "iam:TagUser", *in.UserName)
	return []api.Check{withRequestTags(c, in.Tags)}, err
}
