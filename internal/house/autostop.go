package house

import (
	"context"
	"fmt"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/gate"
	"tamachi/internal/engine/autostop"
)

// stopper makes the engine that stops desktops which nobody uses.
func (h *House) stopper() *autostop.Engine {
	return autostop.New(autostop.Options{Room: h.rooms.workspaces, Stop: stops{h.gate.As(workspacesPrincipal)}, Clock: h.o.Clock, Log: h.o.Log})
}

// stops asks for the stop of a desktop as the service.
type stops struct{ as gate.Principal }

// Stop stops one desktop. What the room refuses for it alone is an error.
func (s stops) Stop(ctx context.Context, account, region, id string) error {
	out, err := s.as.Do(ctx, account, region, "workspaces", "StopWorkspaces", &sdk.StopWorkspacesInput{
		StopWorkspaceRequests: []types.StopRequest{{WorkspaceId: &id}},
	})
	if err != nil {
		return fmt.Errorf("stop %s: %w", id, err)
	}
	for _, f := range out.(*sdk.StopWorkspacesOutput).FailedRequests {
		return &smithy.GenericAPIError{Code: *f.ErrorCode, Message: *f.ErrorMessage}
	}
	return nil
}
