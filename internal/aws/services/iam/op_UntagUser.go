package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UntagUser removes tags of a user. A key that it does not have is no error.
func (s *Service) UntagUser(ctx context.Context, in *iam.UntagUserInput) (*iam.UntagUserOutput, error) {
	err := alter(ctx, s, &users, findUser, *in.UserName, func(_ *store.Tx, _ store.Scope, u *user) error {
		u.Tags = removeTags(u.Tags, in.TagKeys)
		return nil
	})
	return &iam.UntagUserOutput{}, err
}

func (s *Service) untagUserChecks(ctx context.Context, in *iam.UntagUserInput) ([]api.Check, error) {
	c, err := s.checkUser(ctx, "iam:UntagUser", *in.UserName)
	return []api.Check{withTagKeys(c, in.TagKeys)}, err
}
