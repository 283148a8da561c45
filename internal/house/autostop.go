package house

import (
	"context"
	"fmt"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/gate"
	rules "tamachi/internal/desk/maintenance"
	"tamachi/internal/engine/autostop"
	"tamachi/internal/engine/maintenance"
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
	return refused(out.(*sdk.StopWorkspacesOutput).FailedRequests)
}

// maintainer makes the engine that starts stopped desktops for their maintenance.
func (h *House) maintainer() *maintenance.Engine {
	return maintenance.New(maintenance.Options{
		Room: h.rooms.workspaces, Start: starts{h.gate.As(workspacesPrincipal)}, Night: night, Clock: h.o.Clock, Log: h.o.Log,
	})
}

// night is that of AUTO_STOP desktops in a Region's own time.
func night(region string, now time.Time) (maintenance.Night, bool) {
	y, m, d := now.In(rules.Zone(region, time.UTC)).Date()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, rules.Zone(region, time.UTC))
	begin, in := rules.Fortnight(midnight)
	from, to, ok := rules.Night(rules.AutoStop, midnight)
	return maintenance.Night{Begin: begin, From: from, To: to}, in && ok && now.Before(to)
}

// starts asks for the start of a desktop as the service.
type starts struct{ as gate.Principal }

// Start starts one desktop. What the room refuses for it alone is an error.
func (s starts) Start(ctx context.Context, account, region, id string) error {
	out, err := s.as.Do(ctx, account, region, "workspaces", "StartWorkspaces", &sdk.StartWorkspacesInput{
		StartWorkspaceRequests: []types.StartRequest{{WorkspaceId: &id}},
	})
	if err != nil {
		return fmt.Errorf("start %s: %w", id, err)
	}
	return refused(out.(*sdk.StartWorkspacesOutput).FailedRequests)
}

// refused is why the one desktop of a request was not taken; nil when it was.
func refused(failed []types.FailedWorkspaceChangeRequest) error {
	if len(failed) == 0 {
		return nil
	}
	return &smithy.GenericAPIError{Code: *failed[0].ErrorCode, Message: *failed[0].ErrorMessage}
}
