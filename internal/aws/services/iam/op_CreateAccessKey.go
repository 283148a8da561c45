package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateAccessKey makes a key for a user. Its secret is in this answer only.
func (s *Service) CreateAccessKey(ctx context.Context, in *iam.CreateAccessKeyInput) (*iam.CreateAccessKeyOutput, error) {
	call := api.CallFrom(ctx)
	if err := needsName(call, in.UserName); err != nil {
		return nil, err
	}
	k := &accessKey{ID: longTerm + s.ids.Upper(16), Secret: s.ids.Secret(40), Account: call.Account, Created: moment(call), Active: true}
	var owner *user
	err := s.store.Update(ctx, func(tx *store.Tx) (err error) {
		if owner, err = findUser(tx, store.Scope{Account: call.Account}, userNamed(ctx, in.UserName)); err != nil {
			return err
		}
		have, err := keysOf(tx, owner.ID)
		if err != nil {
			return err
		}
		if len(have) >= maxKeys {
			return overQuota("AccessKeysPerUser", maxKeys)
		}
		k.User = owner.ID
		return accessKeys.Put(tx, store.Scope{}, k)
	})
	if err != nil {
		return nil, err
	}
	return &iam.CreateAccessKeyOutput{AccessKey: &types.AccessKey{
		AccessKeyId: &k.ID, SecretAccessKey: &k.Secret, Status: k.status(), UserName: &owner.Name, CreateDate: &k.Created,
	}}, nil
}

func (s *Service) createAccessKeyChecks(ctx context.Context, in *iam.CreateAccessKeyInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:CreateAccessKey", in.UserName)
}
