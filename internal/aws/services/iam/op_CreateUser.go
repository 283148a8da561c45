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
		all, err := users.List(tx, store.Scope{Account: call.Account}, store.Page{Limit: maxUsers})
		if err != nil {
			return err
		}
		if len(all) >= maxUsers {
			return overQuota("UsersPerAccount", maxUsers)
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
	if in.PermissionsBoundary != nil {
		c = withKey(c, "iam:PermissionsBoundary", *in.PermissionsBoundary)
	}
	checks := []api.Check{withRequestTags(c, in.Tags)}
	if len(in.Tags) > 0 {
		checks = append(checks, withRequestTags(api.Check{Action: "iam:TagUser", Resource: c.Resource}, in.Tags))
	}
	return checks, nil
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
