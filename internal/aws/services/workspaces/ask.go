package workspaces

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ask is a move that a customer may ask for (API reference: the first lines of
// StartWorkspaces, StopWorkspaces, RebootWorkspaces, RebuildWorkspaces,
// TerminateWorkspaces, RestoreWorkspace, ModifyWorkspaceState).
type ask struct {
	verb  string
	from  []State // nil: any
	to    State
	modes []string // running modes in which it may be asked; nil: any
}

var (
	stoppable  = []string{string(types.RunningModeAutoStop), string(types.RunningModeManual)}
	terminable = []State{
		Pending, Available, Unhealthy, Rebooting, Starting, Rebuilding, Terminating, Stopping, Stopped, Error, Updating, Restoring, AdminMaintenance,
	} // any but SUSPENDED, and MAINTENANCE
	askStart     = ask{"start", []State{Stopped}, Starting, stoppable}
	askStop      = ask{"stop", []State{Available, Unhealthy, Error}, Stopping, stoppable}
	askReboot    = ask{"reboot", []State{Available, Unhealthy, Rebooting}, Rebooting, nil}
	askRebuild   = ask{"rebuild", []State{Available, Error, Unhealthy, Stopped, Rebooting}, Rebuilding, nil}
	askTerminate = ask{"terminate", terminable, Terminating, nil}
	askSuspend   = ask{"make an image of", []State{Available}, Suspended, nil}
	askRestore   = ask{"restore", []State{Available, Error, Unhealthy, Stopped}, Restoring, nil}
	askMaintain  = ask{"maintain", []State{Available}, AdminMaintenance, nil}
	askRelease   = ask{"release", []State{AdminMaintenance}, Available, nil}
)

// ask makes the move, or says why not.
func (d *Desktop) ask(a ask, c *api.Call) *refusal {
	if a.modes != nil && !slices.Contains(a.modes, d.RunningMode) {
		return &refusal{codeState, fmt.Sprintf("The WorkSpace %s has the running mode %s. You can %s only a WorkSpace with the running mode AUTO_STOP or MANUAL.", d.ID, d.RunningMode, a.verb)}
	}
	if a.from != nil && !slices.Contains(a.from, d.State) {
		names := make([]string, len(a.from))
		for i, s := range a.from {
			names[i] = string(s)
		}
		return &refusal{codeState, fmt.Sprintf("The WorkSpace %s is in the state %s. You can %s a WorkSpace only in the state %s.", d.ID, d.State, a.verb, strings.Join(names, ", "))}
	}
	if d.MigratesFrom != "" {
		return &refusal{codeState, fmt.Sprintf("The WorkSpace %s is taking the place of %s. Wait until it is available.", d.ID, d.MigratesFrom)}
	}
	if a.to == Restoring && d.KeptAt.IsZero() {
		return &refusal{codeState, fmt.Sprintf("The WorkSpace %s has no snapshot that it could be restored to.", d.ID)}
	}
	d.move(a.to, c.Time)
	d.Change = nil
	d.ChangedBy = c.RequestID
	return nil
}

// askAll asks for a move of each desktop. Those that cannot are listed, the
// others move; it is one transaction.
func (s *Service) askAll(ctx context.Context, a ask, ids []string) ([]types.FailedWorkspaceChangeRequest, error) {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	var failed []types.FailedWorkspaceChangeRequest
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		failed = []types.FailedWorkspaceChangeRequest{} // it may run again
		for _, id := range ids {
			no, err := askOne(tx, sc, call, a, id)
			if err != nil {
				return err
			}
			if no != nil {
				failed = append(failed, types.FailedWorkspaceChangeRequest{WorkspaceId: &id, ErrorCode: &no.code, ErrorMessage: &no.message})
			}
		}
		return nil
	})
	return failed, err
}

// desktopsOf are the desktops of requests, each of which names one. The SDK has a
// type for each verb, all of one form.
func desktopsOf[R types.RebootRequest | types.RebuildRequest | types.StartRequest | types.StopRequest | types.TerminateRequest](requests []R) []string {
	ids := make([]string, len(requests))
	for i, r := range requests {
		ids[i] = text(types.StartRequest(r).WorkspaceId)
	}
	return ids
}

// askAlone asks for a move of one desktop, which is an error when it cannot.
func (s *Service) askAlone(ctx context.Context, a ask, id string) error {
	call := api.CallFrom(ctx)
	return s.store.Update(ctx, func(tx *store.Tx) error {
		no, err := askOne(tx, store.In(call.Place()), call, a, id)
		if no != nil {
			return no.exception()
		}
		return err
	})
}

func findDesktop(tx *store.Tx, sc store.Scope, id string) (*Desktop, error) {
	d, err := desktopTable.Get(tx, sc, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, unknownDesktop(id).exception()
	}
	return d, err
}

func askOne(tx *store.Tx, sc store.Scope, call *api.Call, a ask, id string) (*refusal, error) {
	d, err := desktopTable.Get(tx, sc, id)
	if errors.Is(err, store.ErrNotFound) {
		return unknownDesktop(id), nil
	}
	if err != nil {
		return nil, err
	}
	if no := d.ask(a, call); no != nil {
		return no, nil
	}
	if a.to == Rebuilding {
		if err := d.furnish(tx, sc); err != nil {
			return nil, err
		}
	}
	return nil, d.put(tx, sc, call, call.Time)
}

// checkEach is one check for each desktop, with the tags of those that exist.
func (s *Service) checkEach(ctx context.Context, action string, ids []string) ([]api.Check, error) {
	return checksOn(ctx, s, &desktopTable, func(d *Desktop) map[string]string { return d.Tags }, action, desktopARN, ids...)
}
