package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListAccessKeys lists a user's keys without their secrets.
func (s *Service) ListAccessKeys(ctx context.Context, in *iam.ListAccessKeysInput) (*iam.ListAccessKeysOutput, error) {
	call := api.CallFrom(ctx)
	if err := needsName(call, in.UserName); err != nil {
		return nil, err
	}
	out := &iam.ListAccessKeysOutput{AccessKeyMetadata: []types.AccessKeyMetadata{}}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, store.Scope{Account: call.Account}, userNamed(ctx, in.UserName))
		if err != nil {
			return err
		}
		all, err := keysOf(tx, u.ID)
		if err != nil {
			return err
		}
		keys, page, err := pageFrom(all, asked{"ListAccessKeys", in.Marker, in.MaxItems}, func(k *accessKey) string { return k.ID })
		for _, k := range keys {
			out.AccessKeyMetadata = append(out.AccessKeyMetadata, types.AccessKeyMetadata{
				AccessKeyId: &k.ID, CreateDate: &k.Created, Status: k.status(), UserName: &u.Name,
			})
		}
		out.IsTruncated, out.Marker = page.truncated, page.marker
		return err
	})
	return out, err
}

func (s *Service) listAccessKeysChecks(ctx context.Context, in *iam.ListAccessKeysInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:ListAccessKeys", in.UserName)
}
