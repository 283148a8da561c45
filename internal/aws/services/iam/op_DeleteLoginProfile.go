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
		u, err := findUser(tx, scopeOf(call), userNamed(ctx, in.UserName))
		if err != nil {
			return err
		}
		if _, err := findPassword(tx, scopeOf(call), u); err != nil {
			return err
		}
		return passwords.Delete(tx, scopeOf(call), u.ID)
	})
	return &iam.DeleteLoginProfileOutput{}, err
}

func (s *Service) deleteLoginProfileChecks(ctx context.Context, in *iam.DeleteLoginProfileInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:DeleteLoginProfile", in.UserName)
}
