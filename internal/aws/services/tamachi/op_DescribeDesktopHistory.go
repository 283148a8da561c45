package tamachi

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
)

// DescribeDesktopHistoryInput names a desktop, or the user whose desktops are
// meant: one of the two.
type DescribeDesktopHistoryInput struct {
	WorkspaceId *string
	UserName    *string
	MaxResults  *int32
	NextToken   *string
}

// DescribeDesktopHistoryOutput is which desktops there are and were, and, of one
// that is named or is the only one, what happened to it, the oldest first.
type DescribeDesktopHistoryOutput struct {
	Desktops  []DesktopLife
	Events    []DesktopEvent
	NextToken *string // there are more events
}

// DesktopLife is a desktop, there or terminated.
type DesktopLife struct {
	WorkspaceId, DirectoryId, UserName, ComputerName, BundleId, State *string
	CreatedAt, TerminatedAt                                           *time.Time
}

// DesktopEvent is a change of a desktop, and what it was after it.
type DesktopEvent struct {
	WorkspaceId, State, ErrorCode, ErrorMessage *string
	At                                          *time.Time
	By, RequestId                               *string // absent: the service itself
	RunningMode, ComputeTypeName                *string
	RootVolumeSizeGib, UserVolumeSizeGib        *int32
}

// DescribeDesktopHistory tells what happened to a desktop, also when it is no
// more. AWS forgets a WorkSpace that was terminated.
func (s *Service) DescribeDesktopHistory(ctx context.Context, in *DescribeDesktopHistoryInput) (*DescribeDesktopHistoryOutput, error) {
	call := api.CallFrom(ctx)
	id, user := value(in.WorkspaceId), value(in.UserName)
	if (id == "") == (user == "") {
		return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "Specify either WorkspaceId or UserName."}
	}
	place, err := placeOf("DescribeDesktopHistory", in.NextToken)
	if err != nil {
		return nil, err
	}
	lives, err := s.ports.Records.Biographies(ctx, call.Account, call.Region, id, user)
	if err != nil {
		return nil, fmt.Errorf("look for desktops of %s%s: %w", id, user, err)
	}
	if len(lives) == 0 {
		return nil, &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "There is no such desktop, and there was none."}
	}
	out := &DescribeDesktopHistoryOutput{Desktops: []DesktopLife{}, Events: []DesktopEvent{}}
	for _, l := range lives {
		out.Desktops = append(out.Desktops, showLife(l))
	}
	if len(lives) > 1 {
		return out, nil
	}
	events, next, err := s.ports.Records.Happenings(ctx, call.Account, call.Region, lives[0].ID, place, limitOf(in.MaxResults))
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", lives[0].ID, err)
	}
	for _, e := range events {
		out.Events = append(out.Events, showEvent(e))
	}
	if next != "" {
		out.NextToken = new(api.Token("DescribeDesktopHistory", next))
	}
	return out, nil
}

// Who may describe desktops may know what became of them.
func (s *Service) describeDesktopHistoryChecks(context.Context, *DescribeDesktopHistoryInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeWorkspaces"), nil
}

func showLife(l desktops.Biography) DesktopLife {
	return DesktopLife{
		WorkspaceId: &l.ID, DirectoryId: &l.DirectoryID, UserName: &l.UserName, ComputerName: &l.ComputerName, BundleId: &l.BundleID,
		State: &l.State, CreatedAt: &l.CreatedAt, TerminatedAt: instant(l.TerminatedAt),
	}
}

func showEvent(e desktops.Happening) DesktopEvent {
	return DesktopEvent{
		WorkspaceId: &e.Desktop, State: &e.State, ErrorCode: given(e.ErrorCode), ErrorMessage: given(e.ErrorMessage), At: &e.At,
		By: given(e.By), RequestId: given(e.RequestID), RunningMode: &e.RunningMode, ComputeTypeName: &e.Compute,
		RootVolumeSizeGib: new(int32(e.RootGiB)), UserVolumeSizeGib: new(int32(e.UserGiB)),
	}
}

func value(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
