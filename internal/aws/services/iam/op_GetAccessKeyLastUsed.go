package iam

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetAccessKeyLastUsed says when a key last signed a call, to what and where.
func (s *Service) GetAccessKeyLastUsed(ctx context.Context, in *iam.GetAccessKeyLastUsedInput) (*iam.GetAccessKeyLastUsedOutput, error) {
	call := api.CallFrom(ctx)
	out := &iam.GetAccessKeyLastUsedOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		u, err := ownerOfKey(tx, call, *in.AccessKeyId)
		if err != nil {
			return err
		}
		last, err := s.lastUse(tx, *in.AccessKeyId)
		out.UserName = &u.Name
		out.AccessKeyLastUsed = &types.AccessKeyLastUsed{Region: new("N/A"), ServiceName: new("N/A")}
		if last != nil {
			out.AccessKeyLastUsed = &types.AccessKeyLastUsed{Region: &last.Region, ServiceName: &last.Service, LastUsedDate: &last.At}
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) { // AWS does not tell whose key it is, or whether it is one
		return nil, &smithy.GenericAPIError{Code: "AccessDenied", Message: fmt.Sprintf(
			"User: %s is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key %s", call.Caller.ARN, *in.AccessKeyId)}
	}
	return out, err
}

func (s *Service) getAccessKeyLastUsedChecks(ctx context.Context, in *iam.GetAccessKeyLastUsedInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	c := api.Check{Action: "iam:GetAccessKeyLastUsed", Resource: entityARN(call.Account, "user", "/", "*")}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		u, err := ownerOfKey(tx, call, *in.AccessKeyId)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			c.Resource = u.arn(call.Account)
			c = withTags(c, u.Tags)
		}
		return err
	})
	return []api.Check{c}, err
}

// ownerOfKey is the user of the call's account who has a key, or
// store.ErrNotFound.
func ownerOfKey(tx *store.Tx, call *api.Call, id string) (*user, error) {
	k, err := accessKeys.Get(tx, store.Scope{}, id)
	if err == nil && k.Account != call.Account {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return userByID(tx, store.Scope{Account: call.Account}, k.User)
}
