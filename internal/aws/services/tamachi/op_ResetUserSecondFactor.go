package tamachi

import (
	"context"

	"tamachi/internal/aws/api"
)

// ResetUserSecondFactorInput names a user.
type ResetUserSecondFactorInput DirectoryUser

// ResetUserSecondFactorOutput is the user.
type ResetUserSecondFactorOutput DirectoryUser

// ResetUserSecondFactor ends the second factor of a user who has lost their app; where the
// directory wants one, they set up another at the next sign-in.
func (s *Service) ResetUserSecondFactor(ctx context.Context, in *ResetUserSecondFactorInput) (*ResetUserSecondFactorOutput, error) {
	call := api.CallFrom(ctx)
	if err := s.ports.SignIns.DropFactor(ctx, call.Account, call.Region, *in.DirectoryId, *in.UserName); err != nil {
		return nil, noSignIn(err, *in.DirectoryId, *in.UserName)
	}
	return &ResetUserSecondFactorOutput{DirectoryId: in.DirectoryId, UserName: in.UserName}, nil
}

// Who may give a user another password may do this.
func (s *Service) resetUserSecondFactorChecks(ctx context.Context, in *ResetUserSecondFactorInput) ([]api.Check, error) {
	return onDirectoryService(ctx, "ds:ResetUserPassword", *in.DirectoryId), nil
}
