package iam

import (
	"cmp"
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateLoginProfile gives a user a password.
func (s *Service) CreateLoginProfile(ctx context.Context, in *iam.CreateLoginProfileInput) (*iam.CreateLoginProfileOutput, error) {
	call := api.CallFrom(ctx)
	if err := needsName(call, in.UserName); err != nil {
		return nil, err
	}
	if in.Password == nil {
		return nil, validation("1 validation error detected: Value null at 'password' failed to satisfy constraint: Member must not be null")
	}
	hash := s.hashOf(*in.Password) // slow, so not in the transaction
	var out *iam.CreateLoginProfileOutput
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, store.Scope{Account: call.Account}, userNamed(ctx, in.UserName))
		if err != nil {
			return err
		}
		if _, err := passwords.Get(tx, store.Scope{Account: call.Account}, u.ID); !errors.Is(err, store.ErrNotFound) {
			return cmp.Or(err, alreadyExists("Login Profile for user %s already exists.", u.Name))
		}
		rules, err := findPolicy(tx, store.Scope{Account: call.Account})
		if err != nil {
			return err
		}
		if err := rules.judge(*in.Password, call.Account); err != nil {
			return err
		}
		p := &password{User: u.ID, Hash: hash, Created: moment(call), Changed: moment(call), Reset: in.PasswordResetRequired}
		out = &iam.CreateLoginProfileOutput{LoginProfile: p.shown(u)}
		return passwords.Put(tx, store.Scope{Account: call.Account}, p)
	})
	return out, err
}

func (s *Service) createLoginProfileChecks(ctx context.Context, in *iam.CreateLoginProfileInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:CreateLoginProfile", in.UserName)
}
