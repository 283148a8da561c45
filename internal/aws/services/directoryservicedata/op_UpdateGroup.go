package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// UpdateGroup changes what a group is and what is known of it: all that is
// given, or nothing.
func (s *Service) UpdateGroup(ctx context.Context, in *UpdateGroupInput) (*UpdateGroupOutput, error) {
	changes, err := ofGroups.changes(in.UpdateType, nil, in.OtherAttributes)
	if err != nil {
		return nil, err
	}
	scope, kind := directory.GroupScope(given(in.GroupScope)), directory.GroupKind(given(in.GroupType))
	r := request{directoryID: *in.DirectoryId, token: in.ClientToken, in: in}
	return change(ctx, s, r, func(ro directory.Roster, _ directory.Domain) (*UpdateGroupOutput, error) {
		err := ro.ChangeGroup(ctx, *in.SAMAccountName, scope, kind, changes)
		return &UpdateGroupOutput{}, refuse(err, subject{group: *in.SAMAccountName})
	})
}

func (s *Service) updateGroupChecks(ctx context.Context, in *UpdateGroupInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "UpdateGroup", *in.DirectoryId, named{name: in.SAMAccountName}), nil
}
