package tamachi

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// EndDesktopSessionInput names an open session.
type EndDesktopSessionInput struct {
	SessionId *string
}

// EndDesktopSessionOutput is empty.
type EndDesktopSessionOutput struct{}

// EndDesktopSession cuts a display stream: within seconds the browser is told
// that an administrator did, and its session opens nothing any more. The
// desktop goes on, and its user may sign in anew.
func (s *Service) EndDesktopSession(ctx context.Context, in *EndDesktopSessionInput) (*EndDesktopSessionOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		d, err := bySession(tx, sc, *in.SessionId)
		if err != nil {
			return err
		}
		if d == nil {
			return noSession()
		}
		if d.Status != open {
			return &smithy.GenericAPIError{
				Code: "InvalidResourceStateException", Message: fmt.Sprintf("The session %s is %s; only one that is OPEN can be ended.", d.ID, d.Status),
			}
		}
		d.end(call.Time, desktops.Dismissed)
		d.EndedBy = call.Caller.ARN
		if err := dismiss(tx, d, call.Time); err != nil {
			return err
		}
		return deskSessions.Put(tx, sc, d)
	})
	if err != nil {
		return nil, err
	}
	return &EndDesktopSessionOutput{}, nil
}

// dismiss ends the browser session that a stream belongs to; the record stays,
// so that the page can be told why.
func dismiss(tx *store.Tx, d *deskSession, now time.Time) error {
	found, err := sessions.By(tx, store.Scope{}, "hash", d.Grant, store.Page{Limit: 1})
	if err != nil || len(found) == 0 || !now.Before(found[0].Expires) {
		return err
	}
	found[0].Dismissed = true
	return sessions.Put(tx, store.Scope{}, found[0])
}

// endDesktopSessionChecks asks for the right to stop the desktop, which ends
// its sessions too. A session that is not there is one of any desktop.
func (s *Service) endDesktopSessionChecks(ctx context.Context, in *EndDesktopSessionInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	desktop := "*"
	err := s.st.View(ctx, func(tx *store.Tx) error {
		d, err := bySession(tx, store.In(call.Place()), *in.SessionId)
		if d != nil && d.WorkspaceID != "" {
			desktop = d.WorkspaceID
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look up session %s: %w", *in.SessionId, err)
	}
	return api.On("workspaces:StopWorkspaces", arn.New("workspaces", call.Region, call.Account, "workspace/"+desktop)), nil
}
