package tamachi

import (
	"context"

	"tamachi/internal/aws/api"
)

// UnlockDirectoryUserInput names a user.
type UnlockDirectoryUserInput DirectoryUser

// UnlockDirectoryUserOutput is the user.
type UnlockDirectoryUserOutput DirectoryUser

// UnlockDirectoryUser lets a user sign in again who was locked after too many failures.
func (s *Service) UnlockDirectoryUser(ctx context.Context, in *UnlockDirectoryUserInput) (*UnlockDirectoryUserOutput, error) {
	call := api.CallFrom(ctx)
	if err := s.ports.SignIns.Unlock(ctx, call.Account, call.Region, *in.DirectoryId, *in.UserName); err != nil {
		return nil, noSignIn(err, *in.DirectoryId, *in.UserName)
	}
	return &UnlockDirectoryUserOutput{DirectoryId: in.DirectoryId, UserName: in.UserName}, nil
}

// Who may give a user another password may do this.
func (s *Service) unlockDirectoryUserChecks(ctx context.Context, in *UnlockDirectoryUserInput) ([]api.Check, error) {
	return onDirectoryService(ctx, "ds:ResetUserPassword", *in.DirectoryId), nil
}
