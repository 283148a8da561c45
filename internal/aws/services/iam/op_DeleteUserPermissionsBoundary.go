package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteUserPermissionsBoundary takes a user's boundary away.
func (s *Service) DeleteUserPermissionsBoundary(ctx context.Context, in *iam.DeleteUserPermissionsBoundaryInput) (*iam.DeleteUserPermissionsBoundaryOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, sc, *in.UserName)
		if err != nil {
			return err
		}
		if u.Boundary == "" {
			return noSuch("The user with name %s does not have a permissions boundary.", u.Name)
		}
		u.Boundary = ""
		return users.Put(tx, sc, u)
	})
	return &iam.DeleteUserPermissionsBoundaryOutput{}, err
}

func (s *Service) deleteUserPermissionsBoundaryChecks(ctx context.Context, in *iam.DeleteUserPermissionsBoundaryInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:DeleteUserPermissionsBoundary", ofUser, *in.UserName, "")
}
