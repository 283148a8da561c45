package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetRole shows a role with its trust policy, tags, boundary and last use.
func (s *Service) GetRole(ctx context.Context, in *iam.GetRoleInput) (*iam.GetRoleOutput, error) {
	call := api.CallFrom(ctx)
	var out *types.Role
	err := s.store.View(ctx, func(tx *store.Tx) error {
		r, err := findRole(tx, store.Scope{Account: call.Account}, *in.RoleName)
		if err != nil {
			return err
		}
		out = r.shownWhole(call.Account)
		out.RoleLastUsed, err = lastUseOf(tx, store.Scope{Account: call.Account}, r.ID)
		return err
	})
	return &iam.GetRoleOutput{Role: out}, err
}

func (s *Service) getRoleChecks(ctx context.Context, in *iam.GetRoleInput) ([]api.Check, error) {
	return s.checksOfRole(ctx, "iam:GetRole", in.RoleName)
}
