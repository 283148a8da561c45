package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateUser renames a user or moves it to another path. What belongs to the
// user stays: everything points at its id.
func (s *Service) UpdateUser(ctx context.Context, in *iam.UpdateUserInput) (*iam.UpdateUserOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, sc, *in.UserName)
		if err != nil {
			return err
		}
		return rename(tx, &users, sc, u, func() { u.update(in) }, func() error { return freeUserName(tx, sc, u.Name) })
	})
	return &iam.UpdateUserOutput{}, err
}

func (s *Service) updateUserChecks(ctx context.Context, in *iam.UpdateUserInput) ([]api.Check, error) {
	checks, err := s.checksOfUser(ctx, "iam:UpdateUser", in.UserName)
	if err != nil {
		return nil, err
	}
	u, err := renamed(ctx, s, &users, *in.UserName, &user{Name: *in.UserName, Path: "/"})
	if err != nil {
		return nil, err
	}
	u.update(in)
	return append(checks, api.Check{Action: "iam:UpdateUser", Resource: u.arn(api.CallFrom(ctx).Account)}), nil
}

func (u *user) update(in *iam.UpdateUserInput) {
	set(&u.Name, in.NewUserName)
	set(&u.Path, in.NewPath)
}
