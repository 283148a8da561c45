package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UntagUser removes tags of a user. A key that it does not have is no error.
func (s *Service) UntagUser(ctx context.Context, in *iam.UntagUserInput) (*iam.UntagUserOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, sc, *in.UserName)
		if err != nil {
			return err
		}
		u.Tags = removeTags(u.Tags, in.TagKeys)
		return users.Put(tx, sc, u)
	})
	return &iam.UntagUserOutput{}, err
}

func (s *Service) untagUserChecks(ctx context.Context, in *iam.UntagUserInput) ([]api.Check, error) {
	c, err := s.checkUser(ctx, "iam:UntagUser", *in.UserName)
	return []api.Check{withTagKeys(c, in.TagKeys)}, err
}
