package tamachi

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// AcceptInvitationInput is the secret of an invitation's link, and the password
// that the person chose.
type AcceptInvitationInput struct {
	Token, Password *string
}

// AcceptInvitationOutput says whose password was set.
type AcceptInvitationOutput struct {
	WorkspaceId, DirectoryId, UserName, RegistrationCode *string
}

// AcceptInvitation sets the password of the person who was invited, and uses up
// the link, in one commit: of two that use it at once, one gets
// ResourceNotFoundException. A person whose account was disabled after they had
// a password stays out.
func (s *Service) AcceptInvitation(ctx context.Context, in *AcceptInvitationInput) (*AcceptInvitationOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	i, err := s.invitationOf(ctx, sc, *in.Token)
	if err != nil {
		return nil, err
	}
	if why := directory.Weakness(*in.Password, i.UserName); why != "" {
		return nil, &smithy.GenericAPIError{Code: "InvalidPasswordException", Message: "The new password does not meet the password policy of the directory: " + why.String() + "."}
	}
	sealed, err := s.ports.Passwords.Seal(ctx, *in.Password) // slow on purpose
	if err != nil {
		return nil, fmt.Errorf("seal a password: %w", err)
	}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		r, err := s.linked(tx, *in.Token)
		if err != nil {
			return err
		}
		i = r.Record
		if err := s.ports.Passwords.Choose(tx, sc, i.DirectoryID, i.UserName, sealed); err != nil {
			return err
		}
		i.accept(call.Time)
		return invitations.Put(tx, sc, i)
	})
	if _, disabled := errors.AsType[*directory.Refusal](err); disabled {
		return nil, &smithy.GenericAPIError{Code: "InvalidResourceStateException", Message: fmt.Sprintf("The user %s is disabled.", i.UserName)}
	}
	switch {
	case errors.Is(err, desktops.ErrNoPass), errors.Is(err, directory.ErrNoUser), errors.Is(err, directory.ErrNoDirectory):
		return nil, noInvitation()
	case err != nil:
		return nil, err
	}
	return &AcceptInvitationOutput{WorkspaceId: &i.WorkspaceID, DirectoryId: &i.DirectoryID, UserName: &i.UserName, RegistrationCode: &i.RegistrationCode}, nil
}

// invitationOf finds the invitation of a link in the scope of a call.
func (s *Service) invitationOf(ctx context.Context, sc store.Scope, token string) (i *invitation, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		r, err := s.linked(tx, token)
		if err == nil && r.Scope != sc {
			err = desktops.ErrNoPass
		}
		i = r.Record
		return err
	})
	if errors.Is(err, desktops.ErrNoPass) {
		return nil, noInvitation()
	}
	return i, err
}

func noInvitation() error {
	return &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "The link of the invitation is unknown, was used, or has expired."}
}

// acceptInvitationChecks asks for the right to set that user's password.
func (s *Service) acceptInvitationChecks(ctx context.Context, in *AcceptInvitationInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	id := "*" // of a link that is none
	if i, err := s.invitationOf(ctx, store.In(call.Place()), *in.Token); err == nil {
		id = i.DirectoryID
	}
	return api.On("ds:ResetUserPassword", arn.New("ds", call.Region, call.Account, "directory/"+id)), nil
}
