package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateAccessKey makes a key active or inactive. An inactive key signs nothing
// from the next call on.
func (s *Service) UpdateAccessKey(ctx context.Context, in *iam.UpdateAccessKeyInput) (*iam.UpdateAccessKeyOutput, error) {
	call := api.CallFrom(ctx)
	if err := needsName(call, in.UserName); err != nil {
		return nil, err
	}
	if in.Status != types.StatusTypeActive && in.Status != types.StatusTypeInactive {
		return nil, invalidInput("The status of an access key can be set to Active or Inactive only.")
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, store.Scope{Account: call.Account}, userNamed(ctx, in.UserName))
		if err != nil {
			return err
		}
		k, err := keyOf(tx, u.ID, *in.AccessKeyId)
		if err != nil {
			return err
		}
		k.Active = in.Status == types.StatusTypeActive
		return accessKeys.Put(tx, store.Scope{}, k)
	})
	return &iam.UpdateAccessKeyOutput{}, err
}

func (s *Service) updateAccessKeyChecks(ctx context.Context, in *iam.UpdateAccessKeyInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:UpdateAccessKey", in.UserName)
}
