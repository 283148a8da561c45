package iam

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateUser makes a user without any credentials.
func (s *Service) CreateUser(ctx context.Context, in *iam.CreateUserInput) (*iam.CreateUserOutput, error) {
	call := api.CallFrom(ctx)
	tags, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	u := &user{
		ID: "AIDA" + s.ids.Upper(17), Name: *in.UserName, Path: pathOr(in.Path), Created: moment(call),
		Boundary: aws.ToString(in.PermissionsBoundary), Tags: tags,
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if err := freeUserName(tx, store.Scope{Account: call.Account}, u.Name); err != nil {
			return err
		}
		if err := checkBoundary(tx, store.Scope{Account: call.Account}, u.Boundary); err != nil {
			return err
		}
		if err := within(tx, store.Scope{Account: call.Account}, &users, "UsersPerAccount", maxUsers); err != nil {
			return err
		}
		return users.Put(tx, store.Scope{Account: call.Account}, u)
	})
	if err != nil {
		return nil, err
	}
	return &iam.CreateUserOutput{User: u.shownWhole(call.Account)}, nil
}

func (s *Service) createUserChecks(ctx context.Context, in *iam.CreateUserInput) ([]api.Check, error) {
	c := api.Check{Action: "iam:CreateUser", Resource: entityARN(api.CallFrom(ctx).Account, "user", pathOr(in.Path), *in.UserName)}
	return creating(bounded(c, in.PermissionsBoundary), "iam:TagUser", in.Tags), nil
}

// freeUserName refuses a name that a user has, in any case.
func freeUserName(tx *store.Tx, sc store.Scope, name string) error {
	_, err := users.Get(tx, sc, strings.ToLower(name))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return alreadyExists("User with name %s already exists.", name)
}

// checkBoundary refuses a permissions boundary that is no managed policy.
func checkBoundary(tx *store.Tx, sc store.Scope, policyARN string) error {
	if policyARN == "" {
		return nil
	}
	there, err := boundaryExists(tx, sc, policyARN)
	if err == nil && !there {
		return noSuch("Scope ARN: %s does not exist or is not attachable.", policyARN)
	}
	return err
}
