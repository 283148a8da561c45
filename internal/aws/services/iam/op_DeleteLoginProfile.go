package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteLoginProfile takes a user's password away. Access keys stay.
func (s *Service) DeleteLoginProfile(ctx context.Context, in *iam.DeleteLoginProfileInput) (*iam.DeleteLoginProfileOutput, error) {
	call := api.CallFrom(ctx)
	if err := needsName(call, in.UserName); err != nil {
		return nil, err
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, store.Scope{Account: call.Account}, userNamed(ctx, in.UserName))
		if err != nil {
			return err
		}
		if _, err := findPassword(tx, store.Scope{Account: call.Account}, u); err != nil {
			return err
		}
		return passwords.Delete(tx, store.Scope{Account: call.Account}, u.ID)
	})
	return &iam.DeleteLoginProfileOutput{}, err
}

func (s *Service) deleteLoginProfileChecks(ctx context.Context, in *iam.DeleteLoginProfileInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:DeleteLoginProfile", in.UserName)
}
