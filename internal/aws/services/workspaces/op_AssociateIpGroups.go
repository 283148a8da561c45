package workspaces

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// AssociateIpGroups lets users of a directory in from the addresses of groups
// alone. It holds for whoever connects from then on.
func (s *Service) AssociateIpGroups(ctx context.Context, in *workspaces.AssociateIpGroupsInput) (*workspaces.AssociateIpGroupsOutput, error) {
	sc := store.In(api.CallFrom(ctx).Place())
	err := s.changeDirectory(ctx, in.DirectoryId, func(tx *store.Tx, d *Directory) error {
		for _, id := range in.GroupIds {
			if _, err := findIPGroup(tx, sc, id); err != nil {
				return err
			}
			if !slices.Contains(d.IPGroups, id) {
				d.IPGroups = append(d.IPGroups, id)
			}
		}
		if len(d.IPGroups) > maxIPGroupsHere {
			return &types.ResourceLimitExceededException{Message: new("A directory can have 25 IP access control groups at most.")}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.AssociateIpGroupsOutput{}, nil
}

func (s *Service) associateIpGroupsChecks(ctx context.Context, in *workspaces.AssociateIpGroupsInput) ([]api.Check, error) {
	return s.onDirectoryAndIPGroups(ctx, "workspaces:AssociateIpGroups", in.DirectoryId, in.GroupIds)
}

func (s *Service) onDirectoryAndIPGroups(ctx context.Context, action string, directory *string, groups []string) ([]api.Check, error) {
	checks, err := s.onDirectory(ctx, action, directory)
	if err != nil {
		return nil, err
	}
	more, err := s.onIPGroups(ctx, action, groups...)
	return append(checks, more...), err
}
