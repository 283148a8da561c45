package workspaces

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DisassociateIpGroups takes groups from a directory. One without groups lets
// its users in from everywhere.
func (s *Service) DisassociateIpGroups(ctx context.Context, in *workspaces.DisassociateIpGroupsInput) (*workspaces.DisassociateIpGroupsOutput, error) {
	sc := store.In(api.CallFrom(ctx).Place())
	err := s.changeDirectory(ctx, in.DirectoryId, func(tx *store.Tx, d *Directory) error {
		for _, id := range in.GroupIds {
			if _, err := findIPGroup(tx, sc, id); err != nil {
				return err
			}
			d.IPGroups = slices.DeleteFunc(d.IPGroups, func(have string) bool { return have == id })
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.DisassociateIpGroupsOutput{}, nil
}

func (s *Service) disassociateIpGroupsChecks(ctx context.Context, in *workspaces.DisassociateIpGroupsInput) ([]api.Check, error) {
	return s.onDirectoryAndIPGroups(ctx, "workspaces:DisassociateIpGroups", in.DirectoryId, in.GroupIds)
}
