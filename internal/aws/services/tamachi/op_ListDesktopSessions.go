package tamachi

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListDesktopSessionsInput says which sessions are wanted; those of all
// desktops when it says nothing.
type ListDesktopSessionsInput struct {
	WorkspaceId *string
	UserName    *string // in any case
	Status      *string // OPEN, ENDED or FAILED
	From, To    *time.Time
	MaxResults  *int32
	NextToken   *string
}

// ListDesktopSessionsOutput are the sessions, the newest first.
type ListDesktopSessionsOutput struct {
	Sessions  []DesktopSession
	NextToken *string
}

// DesktopSession is a display stream, or a try to have one, or a sign-in that
// was refused.
type DesktopSession struct {
	SessionId       *string
	Kind            *string // DISPLAY, VIEW (for support) or SIGN_IN
	Status          *string // OPEN, ENDED or FAILED
	WorkspaceId     *string
	DirectoryId     *string
	UserName        *string
	PrincipalArn    *string // who opened it
	ClientIpAddress *string
	ClientPlatform  *string
	ClientBrowser   *string
	UserAgent       *string
	StartTime       *time.Time
	EndTime         *time.Time
	DurationSeconds *int64
	LaunchMillis    *int64
	Reason          *string
	EndedBy         *string
}

const (
	sessionsAPage = 50
	// mostRead bounds what one call reads when its filters let little through.
	mostRead = 2000
)

// ListDesktopSessions lists who looked at desktops, from where and how long,
// and who was turned away.
func (s *Service) ListDesktopSessions(ctx context.Context, in *ListDesktopSessionsInput) (*ListDesktopSessionsOutput, error) {
	call := api.CallFrom(ctx)
	after, err := placeOf("ListDesktopSessions", in.NextToken)
	if err != nil {
		return nil, err
	}
	limit := limitOr(in.MaxResults, sessionsAPage)
	out := &ListDesktopSessionsOutput{Sessions: []DesktopSession{}}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		out.Sessions, out.NextToken = out.Sessions[:0], nil
		for read := 0; ; {
			some, err := in.some(tx, store.In(call.Place()), after, limit)
			if err != nil {
				return err
			}
			for _, d := range some {
				after = d.key()
				read++
				if in.wants(d) {
					out.Sessions = append(out.Sessions, d.outward(call.Time))
				}
				if len(out.Sessions) == limit || read == mostRead {
					token := api.Token("ListDesktopSessions", after)
					out.NextToken = &token
					return nil
				}
			}
			if len(some) < limit {
				return nil
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("list desktop sessions: %w", err)
	}
	return out, nil
}

// some reads records by the narrowest of the given filters.
func (in *ListDesktopSessionsInput) some(tx *store.Tx, sc store.Scope, after string, limit int) ([]*deskSession, error) {
	p := store.Page{After: after, Limit: limit, Descending: true}
	if in.From != nil {
		p.Min = moment(*in.From)
	}
	if in.To != nil {
		p.Max = moment(*in.To)
	}
	switch {
	case in.WorkspaceId != nil:
		return deskSessions.By(tx, sc, "desktop", *in.WorkspaceId, p)
	case in.UserName != nil:
		return deskSessions.By(tx, sc, "user", strings.ToLower(*in.UserName), p)
	case in.Status != nil:
		return deskSessions.By(tx, sc, "status", *in.Status, p)
	}
	return deskSessions.List(tx, sc, p)
}

func (in *ListDesktopSessionsInput) wants(d *deskSession) bool {
	return (in.WorkspaceId == nil || *in.WorkspaceId == d.WorkspaceID) &&
		(in.UserName == nil || strings.EqualFold(*in.UserName, d.UserName)) &&
		(in.Status == nil || *in.Status == d.Status)
}

// outward is a record as callers see it; an open session has lasted until now.
func (d *deskSession) outward(now time.Time) DesktopSession {
	o := DesktopSession{
		SessionId: &d.ID, Kind: &d.Kind, Status: &d.Status, WorkspaceId: given(d.WorkspaceID), DirectoryId: given(d.DirectoryID),
		UserName: given(d.UserName), PrincipalArn: given(d.Caller), ClientIpAddress: given(d.Client), ClientPlatform: given(d.Platform),
		ClientBrowser: given(d.Browser), UserAgent: given(d.UserAgent), StartTime: &d.Start, Reason: given(d.Reason), EndedBy: given(d.EndedBy),
	}
	if d.LaunchMS > 0 {
		o.LaunchMillis = &d.LaunchMS
	}
	if d.Status != failed {
		until := now
		if d.Status == ended {
			o.EndTime, until = &d.End, d.End
		}
		lasted := int64(until.Sub(d.Start).Seconds())
		o.DurationSeconds = &lasted
	}
	return o
}

// given is nil for what is not known.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// Who may see who is connected may see who was.
func (s *Service) listDesktopSessionsChecks(context.Context, *ListDesktopSessionsInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeWorkspacesConnectionStatus"), nil
}
