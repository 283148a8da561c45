package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// DeleteGroup removes a group; its members are members no more.
func (s *Service) DeleteGroup(ctx context.Context, in *DeleteGroupInput) (*DeleteGroupOutput, error) {
	r := request{directoryID: *in.DirectoryId, token: in.ClientToken, in: in}
	return change(ctx, s, r, func(ro directory.Roster, _ directory.Domain) (*DeleteGroupOutput, error) {
		err := ro.RemoveGroup(ctx, *in.SAMAccountName)
		return &DeleteGroupOutput{}, refuse(err, subject{group: *in.SAMAccountName})
	})
}

func (s *Service) deleteGroupChecks(ctx context.Context, in *DeleteGroupInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "DeleteGroup", *in.DirectoryId, named{name: in.SAMAccountName}), nil
}
