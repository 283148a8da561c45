package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutUserPermissionsBoundary makes a managed policy the most that a user can be
// allowed.
func (s *Service) PutUserPermissionsBoundary(ctx context.Context, in *iam.PutUserPermissionsBoundaryInput) (*iam.PutUserPermissionsBoundaryOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, sc, *in.UserName)
		if err != nil {
			return err
		}
		u.Boundary = *in.PermissionsBoundary
		if err := checkBoundary(tx, sc, u.Boundary); err != nil {
			return err
		}
		return users.Put(tx, sc, u)
	})
	return &iam.PutUserPermissionsBoundaryOutput{}, err
}

func (s *Service) putUserPermissionsBoundaryChecks(ctx context.Context, in *iam.PutUserPermissionsBoundaryInput) ([]api.Check, error) {
	c, err := s.checkUser(ctx, "iam:PutUserPermissionsBoundary", *in.UserName)
	return []api.Check{withKey(c, "iam:PermissionsBoundary", *in.PermissionsBoundary)}, err
}
