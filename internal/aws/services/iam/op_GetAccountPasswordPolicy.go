package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetAccountPasswordPolicy shows the account's own policy.
func (s *Service) GetAccountPasswordPolicy(ctx context.Context, in *iam.GetAccountPasswordPolicyInput) (*iam.GetAccountPasswordPolicyOutput, error) {
	call := api.CallFrom(ctx)
	var p *passwordPolicy
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		p, err = findPolicy(tx, store.Scope{Account: call.Account})
		return err
	})
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, noPolicy(call)
	}
	return &iam.GetAccountPasswordPolicyOutput{PasswordPolicy: p.shown()}, nil
}

func (s *Service) getAccountPasswordPolicyChecks(ctx context.Context, in *iam.GetAccountPasswordPolicyInput) ([]api.Check, error) {
	checks := api.OnAny("iam:GetAccountPasswordPolicy")
	var err error
	checks[0].Granted, err = s.mayChange(ctx, api.CallFrom(ctx))
	return checks, err
}

func noPolicy(call *api.Call) error {
	return noSuch("The Password Policy with domain name %s cannot be found.", call.Account)
}

func (p *passwordPolicy) shown() *types.PasswordPolicy {
	out := &types.PasswordPolicy{
		MinimumPasswordLength: &p.Minimum, RequireSymbols: p.Symbols, RequireNumbers: p.Numbers,
		RequireUppercaseCharacters: p.Upper, RequireLowercaseCharacters: p.Lower,
		AllowUsersToChangePassword: p.MayChange, ExpirePasswords: p.MaxAge > 0, HardExpiry: &p.HardExpiry,
	}
	if p.MaxAge > 0 {
		out.MaxPasswordAge = &p.MaxAge
	}
	if p.Reuse > 0 {
		out.PasswordReusePrevention = &p.Reuse
	}
	return out
}
