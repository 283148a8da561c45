package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateIpGroup makes an IP access control group. Its name is its own in the
// account and Region, so a repeated call makes no second one.
func (s *Service) CreateIpGroup(ctx context.Context, in *workspaces.CreateIpGroupInput) (*workspaces.CreateIpGroupOutput, error) {
	tags, no := newTags(in.Tags)
	if no != nil {
		return nil, no.exception()
	}
	g := &IPGroup{ID: "wsipg-" + s.ids.Lower(9), Name: text(in.GroupName), Description: text(in.GroupDesc), Tags: tags}
	if g.Name == "" {
		return nil, invalid("The GroupName parameter is required.")
	}
	if err := g.add(in.UserRules); err != nil {
		return nil, err
	}
	sc := store.In(api.CallFrom(ctx).Place())
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		same, err := ipGroups.By(tx, sc, "name", g.Name, store.Page{Limit: 1})
		if err != nil {
			return err
		}
		if len(same) > 0 {
			return &types.ResourceAlreadyExistsException{Message: new("An IP access control group with the name " + g.Name + " already exists.")}
		}
		all, err := ipGroups.List(tx, sc, store.Page{Limit: maxIPGroups})
		if err != nil {
			return err
		}
		if len(all) == maxIPGroups {
			return &types.ResourceLimitExceededException{Message: new("An account can have 100 IP access control groups in a Region at most.")}
		}
		return ipGroups.Put(tx, sc, g)
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.CreateIpGroupOutput{GroupId: &g.ID}, nil
}

func (s *Service) createIpGroupChecks(_ context.Context, in *workspaces.CreateIpGroupInput) ([]api.Check, error) {
	return withTags(api.OnAny("workspaces:CreateIpGroup"), in.Tags), nil
}
