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
)

// ExtendDesktopInput names a desktop of the running mode AUTO_STOP.
type ExtendDesktopInput struct {
	WorkspaceId *string
}

// ExtendDesktopOutput is when it stops by itself if nobody connects.
type ExtendDesktopOutput struct {
	StopsAt *time.Time
}

// ExtendDesktop counts as the use of a desktop: its timeout begins anew.
func (s *Service) ExtendDesktop(ctx context.Context, in *ExtendDesktopInput) (*ExtendDesktopOutput, error) {
	call := api.CallFrom(ctx)
	stops, err := s.ports.Desktops.Extend(ctx, call.Account, call.Region, *in.WorkspaceId, call.Time)
	if errors.Is(err, desktops.ErrNotFound) {
		return nil, &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "The specified WorkSpace cannot be found."}
	}
	if errors.Is(err, desktops.ErrNotNow) {
		return nil, &smithy.GenericAPIError{
			Code: "InvalidResourceStateException", Message: fmt.Sprintf("The WorkSpace %s does not run in the mode AUTO_STOP now.", *in.WorkspaceId),
		}
	}
	if err != nil {
		return nil, fmt.Errorf("extend %s: %w", *in.WorkspaceId, err)
	}
	return &ExtendDesktopOutput{StopsAt: &stops}, nil
}

// Who may start a desktop may keep it running.
func (s *Service) extendDesktopChecks(ctx context.Context, in *ExtendDesktopInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	return api.On("workspaces:StartWorkspaces", arn.New("workspaces", call.Region, call.Account, "workspace/"+*in.WorkspaceId)), nil
}
