package tamachi

import (
	"context"
	"errors"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/notify"
	"tamachi/internal/store"
)

// ListInvitationsInput asks for one page of invitations, or for that of one
// desktop.
type ListInvitationsInput struct {
	WorkspaceId, NextToken *string
	MaxResults             *int32
}

// ListInvitationsOutput is one page of invitations.
type ListInvitationsOutput struct {
	Invitations []Invitation
	NextToken   *string
}

// Invitation is one as it is shown. Delivery is that of its mail: WAITING, SENT,
// BOUNCED or FAILED, with the last error of the mail server.
type Invitation struct {
	WorkspaceId, DirectoryId, UserName, EmailAddress *string
	State, Delivery, Error                           *string
	Attempts                                         *int32
	RequestedAt, ExpiresAt, AcceptedAt               *time.Time
}

// ListInvitations tells how the invitations fare.
func (s *Service) ListInvitations(ctx context.Context, in *ListInvitationsInput) (*ListInvitationsOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	limit := limitOf(in.MaxResults)
	place, err := placeOf("ListInvitations", in.NextToken)
	if err != nil {
		return nil, err
	}
	var out *ListInvitationsOutput
	err = s.st.View(ctx, func(tx *store.Tx) error {
		out = &ListInvitationsOutput{Invitations: []Invitation{}}
		found, err := listInvitations(tx, sc, in.WorkspaceId, beyond(place, limit))
		if err != nil {
			return err
		}
		found, out.NextToken = api.Cut("ListInvitations", found, limit, invitations.Key)
		for _, i := range found {
			shown, err := s.show(tx, i)
			if err != nil {
				return err
			}
			out.Invitations = append(out.Invitations, shown)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func listInvitations(tx *store.Tx, sc store.Scope, workspaceID *string, page store.Page) ([]*invitation, error) {
	if workspaceID == nil {
		return invitations.List(tx, sc, page)
	}
	i, err := invitations.Get(tx, sc, *workspaceID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return []*invitation{i}, err
}

func (s *Service) show(tx *store.Tx, i *invitation) (Invitation, error) {
	state, why := string(i.shown(s.clk.Now())), i.Error
	out := Invitation{
		WorkspaceId: &i.WorkspaceID, DirectoryId: &i.DirectoryID, UserName: &i.UserName, EmailAddress: given(i.Email),
		State: &state, RequestedAt: &i.Asked, ExpiresAt: moments(i.Expires), AcceptedAt: moments(i.Accepted),
	}
	if i.NoticeID != "" {
		d, found, err := s.ports.Notices.Delivery(tx, i.NoticeID)
		if err != nil {
			return out, err
		}
		if found {
			attempts := int32(d.Attempts)
			out.Delivery, out.Attempts = new(string(d.State)), &attempts
			if d.State != notify.Sent && d.Error != "" {
				why = d.Error
			}
		}
	}
	out.Error = given(why)
	return out, nil
}

// moments is nil for a time that never was.
func moments(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// listInvitationsChecks asks for the right to see the desktops.
func (s *Service) listInvitationsChecks(context.Context, *ListInvitationsInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeWorkspaces"), nil
}
