package sts

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetAccessKeyInfo names the account that an access key belongs to, whether
// the key is good or not. On AWS the id alone tells; here a key that the plane
// never issued is refused.
func (s *Service) GetAccessKeyInfo(ctx context.Context, in *sts.GetAccessKeyInfoInput) (*sts.GetAccessKeyInfoOutput, error) {
	account, err := s.accountOf(ctx, *in.AccessKeyId)
	if errors.Is(err, ErrNotThere) || errors.Is(err, store.ErrNotFound) {
		return nil, invalid("The access key ID %s does not belong to an account of this plane.", *in.AccessKeyId)
	}
	if err != nil {
		return nil, err
	}
	return &sts.GetAccessKeyInfoOutput{Account: aws.String(account)}, nil
}

func (s *Service) getAccessKeyInfoChecks(context.Context, *sts.GetAccessKeyInfoInput) ([]api.Check, error) {
	return api.OnAny("sts:GetAccessKeyInfo"), nil
}

func (s *Service) accountOf(ctx context.Context, accessKeyID string) (string, error) {
	c, err := s.find(ctx, accessKeyID)
	if err == nil {
		return c.Caller.Account, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	return s.ports.Identities.KeyAccount(ctx, accessKeyID)
}
