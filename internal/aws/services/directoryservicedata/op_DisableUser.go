package directoryservicedata

import (
	"context"
	"errors"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// DisableUser refuses a user's next bind. ResetUserPassword of Directory
// Service enables the user again. Disabling twice is no error.
func (s *Service) DisableUser(ctx context.Context, in *DisableUserInput) (*DisableUserOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.Scope{Account: call.Account, Region: call.Region}
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		_, err := once(tx, call, in.ClientToken, in, func() (*DisableUserOutput, error) {
			d, err := s.domain(tx, sc, *in.DirectoryId)
			if err != nil {
				return nil, err
			}
			u, err := find(tx, sc, d.ID, *in.SAMAccountName)
			if err != nil {
				return nil, err
			}
			u.disable()
			return &DisableUserOutput{}, users.Put(tx, sc, u)
		})
		return err
	})
	if errors.Is(err, directory.ErrNoUser) {
		return nil, noUser(*in.SAMAccountName)
	}
	if err != nil {
		return nil, err
	}
	return &DisableUserOutput{}, nil
}

func (s *Service) disableUserChecks(ctx context.Context, in *DisableUserInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "DisableUser", *in.DirectoryId), nil
}
