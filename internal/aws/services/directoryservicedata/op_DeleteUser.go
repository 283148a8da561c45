package directoryservicedata

import (
	"context"
	"errors"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// DeleteUser removes a user; the next bind finds none. The built-in
// Administrator stays.
func (s *Service) DeleteUser(ctx context.Context, in *DeleteUserInput) (*DeleteUserOutput, error) {
	call := api.CallFrom(ctx)
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		_, err := once(tx, call, in.ClientToken, in, func() (*DeleteUserOutput, error) {
			return &DeleteUserOutput{}, s.deleteUser(tx, call, in)
		})
		return err
	})
	if errors.Is(err, directory.ErrNoUser) {
		return nil, noUser(*in.SAMAccountName)
	}
	if err != nil {
		return nil, err
	}
	return &DeleteUserOutput{}, nil
}

func (s *Service) deleteUser(tx *store.Tx, call *api.Call, in *DeleteUserInput) error {
	sc := store.Scope{Account: call.Account, Region: call.Region}
	d, err := s.domain(tx, sc, *in.DirectoryId)
	if err != nil {
		return err
	}
	if strings.EqualFold(*in.SAMAccountName, directory.Administrator) {
		return invalid(reasonUnsupported, "The built-in account %s can't be deleted.", directory.Administrator)
	}
	return s.Remove(tx, sc, d.ID, *in.SAMAccountName)
}

func (s *Service) deleteUserChecks(ctx context.Context, in *DeleteUserInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "DeleteUser", *in.DirectoryId), nil
}
