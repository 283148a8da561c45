package workspaces

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteIpGroup deletes a group that no directory has.
func (s *Service) DeleteIpGroup(ctx context.Context, in *workspaces.DeleteIpGroupInput) (*workspaces.DeleteIpGroupOutput, error) {
	sc := store.In(api.CallFrom(ctx).Place())
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		g, err := findIPGroup(tx, sc, text(in.GroupId))
		if err != nil {
			return err
		}
		all, err := directories.List(tx, sc, store.Page{})
		if err != nil {
			return err
		}
		for _, d := range all {
			if slices.Contains(d.IPGroups, g.ID) {
				return &types.ResourceAssociatedException{Message: new("The IP access control group is associated with the directory " + d.ID + ".")}
			}
		}
		return ipGroups.Delete(tx, sc, g.ID)
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.DeleteIpGroupOutput{}, nil
}

func (s *Service) deleteIpGroupChecks(ctx context.Context, in *workspaces.DeleteIpGroupInput) ([]api.Check, error) {
	return s.onIPGroups(ctx, "workspaces:DeleteIpGroup", text(in.GroupId))
}
