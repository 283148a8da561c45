package resourcegroups

import (
	"context"
	"errors"
	"strings"

	rg "github.com/aws/aws-sdk-go-v2/service/resourcegroups"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateGroup makes a group of the resources that a query finds.
func (s *Service) CreateGroup(ctx context.Context, in *rg.CreateGroupInput) (*rg.CreateGroupOutput, error) {
	if strings.HasPrefix(strings.ToLower(*in.Name), "aws") {
		return nil, bad("Group names can't begin with AWS or aws; these are reserved.")
	}
	if len(in.Configuration) > 0 {
		return nil, bad("Groups with a service configuration are not available here; give a resource query.")
	}
	if in.ResourceQuery == nil {
		return nil, bad("A group must have a resource query.")
	}
	if _, err := newQuery(in.ResourceQuery); err != nil {
		return nil, err
	}
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	g := &group{
		Name: *in.Name, Account: sc.Account, Region: sc.Region, Description: in.Description, Query: *in.ResourceQuery.Query,
		Owner: in.Owner, DisplayName: in.DisplayName, Criticality: in.Criticality,
	}
	if err := g.retag(in.Tags, nil); err != nil {
		return nil, err
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := groups.Get(tx, sc, g.Name); !errors.Is(err, store.ErrNotFound) {
			if err == nil {
				err = bad("Cannot create group: group already exists")
			}
			return err
		}
		return groups.Put(tx, sc, g)
	})
	if err != nil {
		return nil, err
	}
	return &rg.CreateGroupOutput{Group: g.shown(), ResourceQuery: g.query(), Tags: g.Tags}, nil
}

// The reference limits CreateGroup to no resource.
func (s *Service) createGroupChecks(_ context.Context, in *rg.CreateGroupInput) ([]api.Check, error) {
	return []api.Check{api.Check{Action: "resource-groups:CreateGroup", Resource: "*"}.Asking(in.Tags, nil)}, nil
}
