package directoryservice

import (
	"context"
	"errors"
	"fmt"
	"strings"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// ResetUserPassword gives a user a new password; a disabled user becomes
// enabled. When the user is the directory's service account, the password by
// which desktops join changes with it.
func (s *Service) ResetUserPassword(ctx context.Context, in *ds.ResetUserPasswordInput) (*ds.ResetUserPasswordOutput, error) {
	call := api.CallFrom(ctx)
	if why := directory.Weakness(*in.NewPassword, *in.UserName); why != "" {
		return nil, &types.InvalidPasswordException{
			Message:   say("The new password does not meet the password policy of the directory: %s.", why),
			RequestId: &call.RequestID,
		}
	}
	sealed, err := s.ports.Users.Seal(ctx, *in.NewPassword)
	if err != nil {
		return nil, fmt.Errorf("seal a password: %w", err)
	}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		r, err := find(tx, store.In(call.Place()), *in.DirectoryId)
		if err != nil {
			return err
		}
		if r.Connect != nil { // API Reference: of a Managed Microsoft AD or Simple AD directory
			return &types.UnsupportedOperationException{
				Message: say("The passwords of %s are kept by the directory that it connects to.", r.ID), RequestId: &call.RequestID,
			}
		}
		if err := s.ports.Users.SetPassword(tx, store.In(call.Place()), *in.DirectoryId, *in.UserName, sealed); err != nil {
			return err
		}
		return s.renew(tx, store.In(call.Place()), *in.DirectoryId, *in.UserName, *in.NewPassword)
	})
	switch {
	case errors.Is(err, directory.ErrNoDirectory):
		return nil, missing(call, *in.DirectoryId)
	case errors.Is(err, directory.ErrNoUser):
		return nil, &types.UserDoesNotExistException{
			Message: say("The user %s does not exist in the directory %s.", *in.UserName, *in.DirectoryId), RequestId: &call.RequestID,
		}
	case err != nil:
		return nil, err
	}
	return &ds.ResetUserPasswordOutput{}, nil
}

// renew keeps the service credential true.
func (s *Service) renew(tx *store.Tx, sc store.Scope, directoryID, name, password string) error {
	c, err := credentials.Get(tx, sc, directoryID)
	if errors.Is(err, store.ErrNotFound) || err == nil && !strings.EqualFold(c.UserName, name) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.keep(c, password); err != nil {
		return fmt.Errorf("keep the password of %s: %w", name, err)
	}
	return credentials.Put(tx, sc, c)
}

func (s *Service) resetUserPasswordChecks(ctx context.Context, in *ds.ResetUserPasswordInput) ([]api.Check, error) {
	return s.on(ctx, "ds:ResetUserPassword", *in.DirectoryId)
}

// on is the check of an action on a directory, with the tags it has.
func (s *Service) on(ctx context.Context, action, directoryID string) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	check := api.Check{Action: action, Resource: resource(call, directoryID).String()}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		r, err := find(tx, store.In(call.Place()), directoryID)
		if err != nil {
			return err
		}
		check.Tags = r.tags()
		return nil
	})
	if err != nil && !errors.Is(err, directory.ErrNoDirectory) {
		return nil, err
	}
	return []api.Check{check}, nil
}
