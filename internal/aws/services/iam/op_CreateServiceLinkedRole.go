package iam

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateServiceLinkedRole makes the role of a service, with the policy that the
// service chose.
func (s *Service) CreateServiceLinkedRole(ctx context.Context, in *iam.CreateServiceLinkedRoleInput) (*iam.CreateServiceLinkedRoleOutput, error) {
	call := api.CallFrom(ctx)
	l, known := linkedTo(*in.AWSServiceName)
	if !known {
		return nil, invalidInput("Service %s has no service-linked role that can be made here.", *in.AWSServiceName)
	}
	if in.CustomSuffix != nil {
		return nil, invalidInput("Custom suffix is not allowed for %s", l.host)
	}
	r := &role{
		ID: "AROA" + s.ids.Upper(17), Name: l.roleName(), Path: l.path(), Description: aws.ToString(in.Description),
		Trust: l.trust(), MaxSession: hour, Created: moment(call), Service: l.host,
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		err := addRole(tx, store.Scope{Account: call.Account}, r)
		var taken *types.EntityAlreadyExistsException
		if errors.As(err, &taken) {
			return invalidInput("Service role name %s has been taken in this account, please try a different suffix.", r.Name)
		}
		if err != nil {
			return err
		}
		return attachManaged(tx, store.Scope{Account: call.Account}, r.ID, l.policyARN())
	})
	if err != nil {
		return nil, err
	}
	return &iam.CreateServiceLinkedRoleOutput{Role: r.shown(call.Account)}, nil
}

func (s *Service) createServiceLinkedRoleChecks(ctx context.Context, in *iam.CreateServiceLinkedRoleInput) ([]api.Check, error) {
	c := api.Check{Action: "iam:CreateServiceLinkedRole", Resource: linkedARN(api.CallFrom(ctx).Account, *in.AWSServiceName)}
	return []api.Check{withKey(c, "iam:AWSServiceName", *in.AWSServiceName)}, nil
}
