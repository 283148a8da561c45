package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateGroup makes a group without users.
func (s *Service) CreateGroup(ctx context.Context, in *iam.CreateGroupInput) (*iam.CreateGroupOutput, error) {
	call := api.CallFrom(ctx)
	g := &group{ID: "AGPA" + s.ids.Upper(17), Name: *in.GroupName, Path: pathOr(in.Path), Created: moment(call)}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		if err := freeGroupName(tx, store.Scope{Account: call.Account}, g.Name); err != nil {
			return err
		}
		if err := within(tx, store.Scope{Account: call.Account}, &groups, "GroupsPerAccount", maxGroups); err != nil {
			return err
		}
		return groups.Put(tx, store.Scope{Account: call.Account}, g)
	})
	if err != nil {
		return nil, err
	}
	return &iam.CreateGroupOutput{Group: g.shown(call.Account)}, nil
}

func (s *Service) createGroupChecks(ctx context.Context, in *iam.CreateGroupInput) ([]api.Check, error) {
	return []api.Check{{
		Action: "iam:CreateGroup", Resource: entityARN(api.CallFrom(ctx).Account, "group", pathOr(in.Path), *in.GroupName),
	}}, nil
}
