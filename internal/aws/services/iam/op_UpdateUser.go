package iam

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateUser renames a user or moves it to another path. What belongs to the
// user stays: everything points at its id.
func (s *Service) UpdateUser(ctx context.Context, in *iam.UpdateUserInput) (*iam.UpdateUserOutput, error) {
	sc := scopeOf(api.CallFrom(ctx))
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, sc, *in.UserName)
		if err != nil {
			return err
		}
		was := users.Key(u)
		u.rename(in)
		if users.Key(u) != was {
			if err := freeUserName(tx, sc, u.Name); err != nil {
				return err
			}
			if err := users.Delete(tx, sc, was); err != nil {
				return err
			}
		}
		return users.Put(tx, sc, u)
	})
	return &iam.UpdateUserOutput{}, err
}

func (s *Service) updateUserChecks(ctx context.Context, in *iam.UpdateUserInput) ([]api.Check, error) {
	checks, err := s.checksOfUser(ctx, "iam:UpdateUser", in.UserName)
	if err != nil {
		return nil, err
	}
	target, err := s.targetOfUpdate(ctx, in)
	return append(checks, api.Check{Action: "iam:UpdateUser", Resource: target}), err
}

func (u *user) rename(in *iam.UpdateUserInput) {
	if in.NewUserName != nil {
		u.Name = *in.NewUserName
	}
	if in.NewPath != nil {
		u.Path = *in.NewPath
	}
}

// targetOfUpdate is the ARN that the user would get; the caller needs the right
// on both (IAM User Guide, "Rename an IAM user").
func (s *Service) targetOfUpdate(ctx context.Context, in *iam.UpdateUserInput) (string, error) {
	call := api.CallFrom(ctx)
	u := &user{Name: *in.UserName, Path: "/"}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		found, err := users.Get(tx, scopeOf(call), strings.ToLower(*in.UserName))
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			u = found
		}
		return err
	})
	u.rename(in)
	return u.arn(call.Account), err
}
