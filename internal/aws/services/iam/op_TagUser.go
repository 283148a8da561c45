package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// TagUser adds tags to a user, or gives them other values.
func (s *Service) TagUser(ctx context.Context, in *iam.TagUserInput) (*iam.TagUserOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, sc, *in.UserName)
		if err != nil {
			return err
		}
		if u.Tags, err = addTags(u.Tags, in.Tags); err != nil {
			return err
		}
		return users.Put(tx, sc, u)
	})
	return &iam.TagUserOutput{}, err
}

func (s *Service) tagUserChecks(ctx context.Context, in *iam.TagUserInput) ([]api.Check, error) {
	c, err := s.checkUser(ctx, "iam:TagUser", *in.UserName)
	return []api.Check{withRequestTags(c, in.Tags)}, err
}
