package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/proof"
	"tamachi/internal/store"
)

// ChangePassword lets users change their own password.
func (s *Service) ChangePassword(ctx context.Context, in *iam.ChangePasswordInput) (*iam.ChangePasswordOutput, error) {
	call := api.CallFrom(ctx)
	if call.Caller.Type != api.IAMUser {
		return nil, &types.InvalidUserTypeException{Message: new("Only IAM Users can change their own password")}
	}
	facts, err := s.passwordOf(ctx, call, call.Caller.Name)
	if err != nil {
		return nil, err
	}
	if !proof.Matches(facts.password.Hash, *in.OldPassword) {
		return nil, refusedPassword(call, "the old password is not correct")
	}
	if ends := facts.rules.expires(facts.password.Changed); !ends.IsZero() && facts.rules.HardExpiry && !call.Time.Before(ends) {
		return nil, refusedPassword(call, "the password has expired, and an administrator has to reset it")
	}
	err = s.changePassword(ctx, call, facts, in.NewPassword, func(p *password) { p.Reset = false })
	return &iam.ChangePasswordOutput{}, err
}

func (s *Service) changePasswordChecks(ctx context.Context, in *iam.ChangePasswordInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	checks, err := s.checksOfUser(ctx, "iam:ChangePassword", nil)
	if err != nil {
		return nil, err
	}
	checks[0].Granted, err = s.mayChange(ctx, call)
	return checks, err
}

// mayChange tells whether the account's policy gives its users the right to
// change their own passwords (IAM User Guide, "Permit IAM users to change their
// own passwords").
func (s *Service) mayChange(ctx context.Context, call *api.Call) (may bool, err error) {
	if call.Caller.Type != api.IAMUser {
		return false, nil
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		rules, err := findPolicy(tx, store.Scope{Account: call.Account})
		may = rules != nil && rules.MayChange
		return err
	})
	return may, err
}

func refusedPassword(call *api.Call, because string) error {
	return &smithy.GenericAPIError{
		Code: "AccessDenied", Message: "User: " + call.Caller.ARN + " is not authorized to perform: iam:ChangePassword because " + because,
	}
}
