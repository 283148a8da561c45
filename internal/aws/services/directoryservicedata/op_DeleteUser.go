package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// DeleteUser removes a user; the next bind finds none. The built-in
// Administrator stays.
func (s *Service) DeleteUser(ctx context.Context, in *DeleteUserInput) (*DeleteUserOutput, error) {
	r := request{directoryID: *in.DirectoryId, token: in.ClientToken, in: in}
	return change(ctx, s, r, func(ro directory.Roster, _ directory.Domain) (*DeleteUserOutput, error) {
		err := ro.RemoveUser(ctx, *in.SAMAccountName)
		return &DeleteUserOutput{}, refuse(err, subject{user: *in.SAMAccountName})
	})
}

func (s *Service) deleteUserChecks(ctx context.Context, in *DeleteUserInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "DeleteUser", *in.DirectoryId, named{name: in.SAMAccountName}), nil
}
