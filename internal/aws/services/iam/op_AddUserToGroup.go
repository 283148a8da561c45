package iam

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// AddUserToGroup puts a user into a group. One who is in it already stays, and
// the call succeeds, as on AWS.
func (s *Service) AddUserToGroup(ctx context.Context, in *iam.AddUserToGroupInput) (*iam.AddUserToGroupOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		m, err := membershipNamed(tx, sc, *in.GroupName, *in.UserName)
		if err != nil {
			return err
		}
		have, err := membershipsOf(tx, sc, m.User)
		if err != nil {
			return err
		}
		already := slices.ContainsFunc(have, func(h *membership) bool { return *h == *m })
		if !already && len(have) >= maxGroupsPerUser {
			return overQuota("GroupsPerUser", maxGroupsPerUser)
		}
		return memberships.Put(tx, sc, m)
	})
	return &iam.AddUserToGroupOutput{}, err
}

func (s *Service) addUserToGroupChecks(ctx context.Context, in *iam.AddUserToGroupInput) ([]api.Check, error) {
	return s.checksOfGroup(ctx, "iam:AddUserToGroup", *in.GroupName)
}

// membershipNamed is that of a user and a group that are there.
func membershipNamed(tx *store.Tx, sc store.Scope, groupName, userName string) (*membership, error) {
	g, err := findGroup(tx, sc, groupName)
	if err != nil {
		return nil, err
	}
	u, err := findUser(tx, sc, userName)
	if err != nil {
		return nil, err
	}
	return &membership{User: u.ID, Group: g.ID}, nil
}
