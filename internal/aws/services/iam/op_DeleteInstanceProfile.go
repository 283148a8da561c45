package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteInstanceProfile removes an instance profile that has no role.
func (s *Service) DeleteInstanceProfile(ctx context.Context, in *iam.DeleteInstanceProfileInput) (*iam.DeleteInstanceProfileOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		p, err := findProfile(tx, sc, *in.InstanceProfileName)
		if err != nil {
			return err
		}
		if p.Role != "" {
			return deleteConflict("Cannot delete entity, must remove roles from instance profile first.")
		}
		return profiles.Delete(tx, sc, profiles.Key(p))
	})
	return &iam.DeleteInstanceProfileOutput{}, err
}

func (s *Service) deleteInstanceProfileChecks(ctx context.Context, in *iam.DeleteInstanceProfileInput) ([]api.Check, error) {
	return s.checksOfProfile(ctx, "iam:DeleteInstanceProfile", in.InstanceProfileName)
}
