package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// RemoveUserFromGroup takes a user out of a group.
func (s *Service) RemoveUserFromGroup(ctx context.Context, in *iam.RemoveUserFromGroupInput) (*iam.RemoveUserFromGroupOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		m, err := membershipNamed(tx, sc, *in.GroupName, *in.UserName)
		if err != nil {
			return err
		}
		return orNoSuch(memberships.Delete(tx, sc, memberships.Key(m)), "User %s is not in group %s", *in.UserName, *in.GroupName)
	})
	return &iam.RemoveUserFromGroupOutput{}, err
}

func (s *Service) removeUserFromGroupChecks(ctx context.Context, in *iam.RemoveUserFromGroupInput) ([]api.Check, error) {
	return s.checksOfGroup(ctx, "iam:RemoveUserFromGroup", *in.GroupName)
}
