package tamachi

import (
	"context"

	"tamachi/internal/aws/api"
)

// UpdateDirectorySignInInput says whether the people of a directory need a
// second factor: OPTIONAL or REQUIRED.
type UpdateDirectorySignInInput struct {
	DirectoryId, SecondFactor *string
}

// UpdateDirectorySignInOutput is what holds now.
type UpdateDirectorySignInOutput struct {
	DirectoryId, SecondFactor *string
}

// UpdateDirectorySignIn says whether a directory's people need an authenticator
// app. Who has none sets one up at the next sign-in.
func (s *Service) UpdateDirectorySignIn(ctx context.Context, in *UpdateDirectorySignInInput) (*UpdateDirectorySignInOutput, error) {
	call := api.CallFrom(ctx)
	err := s.ports.SignIns.RequireFactor(ctx, call.Account, call.Region, *in.DirectoryId, *in.SecondFactor == factorRequired)
	if err != nil {
		return nil, noSignIn(err, *in.DirectoryId, "")
	}
	return &UpdateDirectorySignInOutput{DirectoryId: in.DirectoryId, SecondFactor: in.SecondFactor}, nil
}

// AWS's actions for the same wish are those of RADIUS.
func (s *Service) updateDirectorySignInChecks(ctx context.Context, in *UpdateDirectorySignInInput) ([]api.Check, error) {
	if *in.SecondFactor == factorRequired {
		return onDirectoryService(ctx, "ds:EnableRadius", *in.DirectoryId), nil
	}
	return onDirectoryService(ctx, "ds:DisableRadius", *in.DirectoryId), nil
}
