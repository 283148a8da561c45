package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteGroup removes a group that has no users and no policies.
func (s *Service) DeleteGroup(ctx context.Context, in *iam.DeleteGroupInput) (*iam.DeleteGroupOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		g, err := findGroup(tx, sc, *in.GroupName)
		if err != nil {
			return err
		}
		members, err := memberships.By(tx, sc, "group", g.ID, store.Page{Limit: 1})
		if err != nil {
			return err
		}
		if len(members) > 0 {
			return deleteConflict("Cannot delete entity, must remove users from group first.")
		}
		if err := holdsNothing(tx, sc, g.ID); err != nil {
			return err
		}
		return groups.Delete(tx, sc, groups.Key(g))
	})
	return &iam.DeleteGroupOutput{}, err
}

func (s *Service) deleteGroupChecks(ctx context.Context, in *iam.DeleteGroupInput) ([]api.Check, error) {
	return s.checksOfGroup(ctx, "iam:DeleteGroup", *in.GroupName)
}
