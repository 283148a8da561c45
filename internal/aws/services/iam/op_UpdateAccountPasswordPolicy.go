package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateAccountPasswordPolicy replaces the account's policy. What is not given
// is AWS's default, not what was there before.
func (s *Service) UpdateAccountPasswordPolicy(ctx context.Context, in *iam.UpdateAccountPasswordPolicyInput) (*iam.UpdateAccountPasswordPolicyOutput, error) {
	p := &passwordPolicy{
		Minimum: 6, Symbols: in.RequireSymbols, Numbers: in.RequireNumbers,
		Upper: in.RequireUppercaseCharacters, Lower: in.RequireLowercaseCharacters, MayChange: in.AllowUsersToChangePassword,
		MaxAge: aws.ToInt32(in.MaxPasswordAge), Reuse: aws.ToInt32(in.PasswordReusePrevention), HardExpiry: aws.ToBool(in.HardExpiry),
	}
	if in.MinimumPasswordLength != nil {
		p.Minimum = *in.MinimumPasswordLength
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		return passwordPolicies.Put(tx, store.Scope{Account: api.CallFrom(ctx).Account}, p)
	})
	return &iam.UpdateAccountPasswordPolicyOutput{}, err
}

func (s *Service) updateAccountPasswordPolicyChecks(ctx context.Context, in *iam.UpdateAccountPasswordPolicyInput) ([]api.Check, error) {
	return api.OnAny("iam:UpdateAccountPasswordPolicy"), nil
}
