package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// UpdateLoginProfile gives a user another password, or changes whether a new
// one is to be chosen at the next sign-in.
func (s *Service) UpdateLoginProfile(ctx context.Context, in *iam.UpdateLoginProfileInput) (*iam.UpdateLoginProfileOutput, error) {
	call := api.CallFrom(ctx)
	facts, err := s.passwordOf(ctx, call, *in.UserName)
	if err != nil {
		return nil, err
	}
	err = s.changePassword(ctx, call, facts, in.Password, func(p *password) {
		if in.PasswordResetRequired != nil {
			p.Reset = *in.PasswordResetRequired
		}
	})
	return &iam.UpdateLoginProfileOutput{}, err
}

func (s *Service) updateLoginProfileChecks(ctx context.Context, in *iam.UpdateLoginProfileInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:UpdateLoginProfile", in.UserName)
}
