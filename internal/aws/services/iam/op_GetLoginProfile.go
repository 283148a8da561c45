package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetLoginProfile tells whether a user has a password.
func (s *Service) GetLoginProfile(ctx context.Context, in *iam.GetLoginProfileInput) (*iam.GetLoginProfileOutput, error) {
	call := api.CallFrom(ctx)
	if err := needsName(call, in.UserName); err != nil {
		return nil, err
	}
	out := &iam.GetLoginProfileOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, store.Scope{Account: call.Account}, userNamed(ctx, in.UserName))
		if err != nil {
			return err
		}
		p, err := findPassword(tx, store.Scope{Account: call.Account}, u)
		if err != nil {
			return err
		}
		out.LoginProfile = p.shown(u)
		return nil
	})
	return out, err
}

func (s *Service) getLoginProfileChecks(ctx context.Context, in *iam.GetLoginProfileInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:GetLoginProfile", in.UserName)
}
