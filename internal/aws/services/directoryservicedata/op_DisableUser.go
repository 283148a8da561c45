package directoryservicedata

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// DisableUser refuses a user's next bind. ResetUserPassword of Directory
// Service enables the user again. Disabling twice is no error.
func (s *Service) DisableUser(ctx context.Context, in *DisableUserInput) (*DisableUserOutput, error) {
	r := request{directoryID: *in.DirectoryId, token: in.ClientToken, in: in}
	return change(ctx, s, r, func(ro directory.Roster, _ directory.Domain) (*DisableUserOutput, error) {
		err := ro.Disable(ctx, *in.SAMAccountName)
		return &DisableUserOutput{}, refuse(err, subject{user: *in.SAMAccountName})
	})
}

func (s *Service) disableUserChecks(ctx context.Context, in *DisableUserInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "DisableUser", *in.DirectoryId, named{name: in.SAMAccountName}), nil
}
