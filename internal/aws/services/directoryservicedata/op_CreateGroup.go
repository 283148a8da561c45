package directoryservicedata

import (
	"context"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// CreateGroup makes a group: a global security group unless it is said, as the
// directory's own tools have it.
func (s *Service) CreateGroup(ctx context.Context, in *CreateGroupInput) (*CreateGroupOutput, error) {
	if err := ending(*in.SAMAccountName); err != nil {
		return nil, err
	}
	further, err := ofGroups.read(in.OtherAttributes)
	if err != nil {
		return nil, err
	}
	g := directory.Group{SAMAccountName: *in.SAMAccountName, Scope: directory.Global, Kind: directory.Security, Attributes: further}
	if in.GroupScope != nil {
		g.Scope = directory.GroupScope(*in.GroupScope)
	}
	if in.GroupType != nil {
		g.Kind = directory.GroupKind(*in.GroupType)
	}
	switch {
	case g.Scope == directory.BuiltinLocal:
		return nil, invalid(reasonAttributeValue, "A group of the scope BuiltinLocal can't be created.")
	case !plainGroup(g.SAMAccountName), strings.TrimSpace(g.SAMAccountName) == "":
		return nil, invalid(reasonAttributeValue, "The name of the group can't be seen, or has a character that can't be in a name.")
	}
	r := request{directoryID: *in.DirectoryId, token: in.ClientToken, in: in}
	return change(ctx, s, r, func(ro directory.Roster, d directory.Domain) (*CreateGroupOutput, error) {
		made, err := ro.AddGroup(ctx, g)
		if err != nil {
			return nil, refuse(err, subject{group: g.SAMAccountName})
		}
		return &CreateGroupOutput{DirectoryId: &d.ID, SAMAccountName: &made.SAMAccountName, SID: &made.SID}, nil
	})
}

func (s *Service) createGroupChecks(ctx context.Context, in *CreateGroupInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "CreateGroup", *in.DirectoryId, named{name: in.SAMAccountName}), nil
}
