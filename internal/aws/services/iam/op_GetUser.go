package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetUser shows a user; without a name, the one who calls. The root user has
// no name and no path. A role's session is no user.
func (s *Service) GetUser(ctx context.Context, in *iam.GetUserInput) (*iam.GetUserOutput, error) {
	call := api.CallFrom(ctx)
	if in.UserName == nil && call.Caller.Type == api.Root {
		return s.getRoot(ctx, call)
	}
	if err := needsName(call, in.UserName); err != nil {
		return nil, err
	}
	var out *types.User
	err := s.store.View(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, store.Scope{Account: call.Account}, userNamed(ctx, in.UserName))
		if err != nil {
			return err
		}
		out = u.shownWhole(call.Account)
		return nil
	})
	return &iam.GetUserOutput{User: out}, err
}

func (s *Service) getUserChecks(ctx context.Context, in *iam.GetUserInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:GetUser", in.UserName)
}

// needsName refuses to mean the caller where the caller is no user.
func needsName(call *api.Call, name *string) error {
	if name == nil && call.Caller.Type != api.IAMUser {
		return validation("Must specify userName when calling with non-User credentials")
	}
	return nil
}

// getRoot shows the account's root user, whose id is the account's.
func (s *Service) getRoot(ctx context.Context, call *api.Call) (*iam.GetUserOutput, error) {
	var out *types.User
	err := s.store.View(ctx, func(tx *store.Tx) error {
		r, err := roots.Get(tx, store.Scope{Account: call.Account}, rootKey)
		if err != nil {
			return err
		}
		out = &types.User{UserId: &call.Account, Arn: new(rootARN(call.Account)), CreateDate: &r.Created}
		return nil
	})
	return &iam.GetUserOutput{User: out}, err
}
