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

// OpenDesktopInput names the desktop that is to be opened.
type OpenDesktopInput struct {
	WorkspaceId *string
}

// OpenDesktopOutput is a single-use address of the desktop's page.
type OpenDesktopOutput struct {
	Url       *string    // secret until it is used
	ExpiresAt *time.Time // 60 seconds from the call
}

// OpenDesktop gives the caller a URL that opens a desktop in the browser once.
func (s *Service) OpenDesktop(ctx context.Context, in *OpenDesktopInput) (*OpenDesktopOutput, error) {
	call := api.CallFrom(ctx)
	url, expires, err := s.issue(ctx, call, grant{WorkspaceID: *in.WorkspaceId})
	if err != nil {
		return nil, err
	}
	return &OpenDesktopOutput{Url: &url, ExpiresAt: &expires}, nil
}

// issue makes a ticket for a desktop that can be opened, in the caller's name.
func (s *Service) issue(ctx context.Context, call *api.Call, g grant) (url string, expires time.Time, err error) {
	if err := s.openable(ctx, call, g.WorkspaceID); err != nil {
		return "", expires, err
	}
	ticket := s.secret()
	g.Hash, g.Account, g.Region, g.Caller = hash(ticket), call.Account, call.Region, call.Caller.ARN
	g.Expires = call.Time.Add(ticketLife)
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		if err := sweep(tx, &tickets, call.Time); err != nil {
			return err
		}
		return tickets.Put(tx, store.Scope{}, &g)
	})
	if err != nil {
		return "", expires, fmt.Errorf("issue ticket for %s: %w", g.WorkspaceID, err)
	}
	return s.ports.TicketURL(ticket), g.Expires, nil
}

// openable refuses a desktop that has no screen to show.
func (s *Service) openable(ctx context.Context, call *api.Call, workspaceID string) error {
	state, err := s.ports.Desktops.State(ctx, call.Account, call.Region, workspaceID)
	if errors.Is(err, desktops.ErrNotFound) {
		return &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "The specified WorkSpace cannot be found."}
	}
	if err != nil {
		return fmt.Errorf("look at desktop %s: %w", workspaceID, err)
	}
	if state != "AVAILABLE" {
		return &smithy.GenericAPIError{
			Code:    "InvalidResourceStateException",
			Message: fmt.Sprintf("The WorkSpace %s is %s; it can be opened when it is AVAILABLE.", workspaceID, state),
		}
	}
	return nil
}

func (s *Service) openDesktopChecks(ctx context.Context, in *OpenDesktopInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	return api.On("workspaces:Stream", arn.New("workspaces", call.Region, call.Account, "workspace/"+*in.WorkspaceId)), nil
}
