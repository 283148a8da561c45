package tamachi

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// SendInvitationInput names the desktop whose user is invited again.
type SendInvitationInput struct {
	WorkspaceId *string
}

// SendInvitationOutput says whom the mail is for.
type SendInvitationOutput struct {
	UserName    *string
	RequestedAt *time.Time
}

// SendInvitation sends the invitation to a desktop again. The link of the one
// before ends.
func (s *Service) SendInvitation(ctx context.Context, in *SendInvitationInput) (*SendInvitationOutput, error) {
	call := api.CallFrom(ctx)
	n, err := s.ports.Desktops.Newcomer(ctx, call.Account, call.Region, *in.WorkspaceId)
	if errors.Is(err, desktops.ErrNotFound) {
		return nil, &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "The specified WorkSpace cannot be found."}
	}
	if err != nil {
		return nil, fmt.Errorf("look at desktop %s: %w", *in.WorkspaceId, err)
	}
	switch n.State {
	case "PENDING", "ERROR", "TERMINATING", "TERMINATED":
		return nil, &smithy.GenericAPIError{
			Code:    "InvalidResourceStateException",
			Message: fmt.Sprintf("The WorkSpace %s is %s; its user is invited when it is ready.", n.WorkspaceID, n.State),
		}
	}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		return s.Invite(tx, store.In(call.Place()), n)
	})
	if err != nil {
		return nil, fmt.Errorf("invite %s to %s: %w", n.UserName, n.WorkspaceID, err)
	}
	return &SendInvitationOutput{UserName: &n.UserName, RequestedAt: &call.Time}, nil
}

// sendInvitationChecks asks for the right to set the user's password, which is
// what the mail gives to its reader.
func (s *Service) sendInvitationChecks(ctx context.Context, in *SendInvitationInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	id := "*" // of a desktop that is none
	n, err := s.ports.Desktops.Newcomer(ctx, call.Account, call.Region, *in.WorkspaceId)
	switch {
	case err == nil:
		id = n.DirectoryID
	case !errors.Is(err, desktops.ErrNotFound):
		return nil, err
	}
	return api.On("ds:ResetUserPassword", arn.New("ds", call.Region, call.Account, "directory/"+id)), nil
}
