package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateRoleDescription sets a role's description. A service-linked role may
// get one too (IAM User Guide, "Edit a service-linked role description").
func (s *Service) UpdateRoleDescription(ctx context.Context, in *iam.UpdateRoleDescriptionInput) (*iam.UpdateRoleDescriptionOutput, error) {
	call := api.CallFrom(ctx)
	var out *types.Role
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		r, err := findRole(tx, store.Scope{Account: call.Account}, *in.RoleName)
		if err != nil {
			return err
		}
		r.Description = *in.Description
		out = r.shown(call.Account)
		return roles.Put(tx, store.Scope{Account: call.Account}, r)
	})
	return &iam.UpdateRoleDescriptionOutput{Role: out}, err
}

func (s *Service) updateRoleDescriptionChecks(ctx context.Context, in *iam.UpdateRoleDescriptionInput) ([]api.Check, error) {
	return s.checksOfRole(ctx, "iam:UpdateRoleDescription", in.RoleName)
}
