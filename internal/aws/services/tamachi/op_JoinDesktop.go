package tamachi

import (
	"context"
	"time"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
)

// JoinDesktopInput names the desktop whose screen is to be seen, and why.
type JoinDesktopInput struct {
	WorkspaceId *string
	Reason      *string // for the trail
}

// JoinDesktopOutput is a single-use address of the desktop's page.
type JoinDesktopOutput struct {
	Url       *string    // secret until it is used
	ExpiresAt *time.Time // 60 seconds from the call
}

// JoinDesktop gives the caller a URL that shows a desktop's screen, for support:
// keys, pointer and clipboard go nowhere, and the desktop's user is told who
// looks for as long as they do.
func (s *Service) JoinDesktop(ctx context.Context, in *JoinDesktopInput) (*JoinDesktopOutput, error) {
	url, expires, err := s.issue(ctx, api.CallFrom(ctx), grant{WorkspaceID: *in.WorkspaceId, ViewOnly: true})
	if err != nil {
		return nil, err
	}
	return &JoinDesktopOutput{Url: &url, ExpiresAt: &expires}, nil
}

// joinDesktopChecks asks for a right of its own: who may open desktops may not
// for that look over shoulders.
func (s *Service) joinDesktopChecks(ctx context.Context, in *JoinDesktopInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	return api.On("tamachi:JoinDesktop", arn.New("workspaces", call.Region, call.Account, "workspace/"+*in.WorkspaceId)), nil
}
