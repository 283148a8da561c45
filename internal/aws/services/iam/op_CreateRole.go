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

// CreateRole makes a role that the principals of its trust policy may assume.
func (s *Service) CreateRole(ctx context.Context, in *iam.CreateRoleInput) (*iam.CreateRoleOutput, error) {
	call := api.CallFrom(ctx)
	tags, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(pathOr(in.Path), "/aws-service-role/") {
		return nil, validation("Path %s is reserved for service-linked roles.", *in.Path)
	}
	r := &role{
		ID: "AROA" + s.ids.Upper(17), Name: *in.RoleName, Path: pathOr(in.Path), Description: aws.ToString(in.Description),
		Trust: *in.AssumeRolePolicyDocument, MaxSession: hour, Boundary: aws.ToString(in.PermissionsBoundary),
		Tags: tags, Created: moment(call),
	}
	if in.MaxSessionDuration != nil {
		r.MaxSession = *in.MaxSessionDuration
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error { return addRole(tx, store.Scope{Account: call.Account}, r) })
	if err != nil {
		return nil, err
	}
	return &iam.CreateRoleOutput{Role: r.shownWhole(call.Account)}, nil
}

func (s *Service) createRoleChecks(ctx context.Context, in *iam.CreateRoleInput) ([]api.Check, error) {
	c := api.Check{Action: "iam:CreateRole", Resource: entityARN(api.CallFrom(ctx).Account, "role", pathOr(in.Path), *in.RoleName)}
	return creating(bounded(c, in.PermissionsBoundary), "iam:TagRole", in.Tags), nil
}

// addRole keeps a new role whose name is free and whose documents are good.
func addRole(tx *store.Tx, sc store.Scope, r *role) error {
	_, err := roles.Get(tx, sc, roles.Key(r))
	if err == nil {
		return alreadyExists("Role with name %s already exists.", r.Name)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err := checkTrust(tx, sc, r.Trust); err != nil {
		return err
	}
	if err := checkBoundary(tx, sc, r.Boundary); err != nil {
		return err
	}
	if r.Service == "" { // linked roles do not count
		if err := within(tx, sc, &roles, "RolesPerAccount", maxRoles); err != nil {
			return err
		}
	}
	return roles.Put(tx, sc, r)
}
