package workspaces

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// MigrateWorkspace makes a new desktop of another bundle with the user volume of
// the old one. The old one waits in MAINTENANCE: it is terminated when the new
// one is there, and goes on when that could not be made.
func (s *Service) MigrateWorkspace(ctx context.Context, in *workspaces.MigrateWorkspaceInput) (*workspaces.MigrateWorkspaceOutput, error) {
	call := api.CallFrom(ctx)
	names := newNames{id: "ws-" + s.ids.Lower(9), computer: "A-" + s.ids.Upper(13)}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		from, err := findDesktop(tx, store.In(call.Place()), text(in.SourceWorkspaceId))
		if err != nil {
			return err
		}
		b, found, err := bundleOf(tx, store.In(call.Place()), text(in.BundleId))
		if err != nil {
			return err
		}
		if !found {
			return &types.ResourceNotFoundException{Message: new("The specified bundle could not be found in the specified region."), ResourceId: in.BundleId}
		}
		if no := s.graphic(b.Compute); no != nil {
			return no.exception()
		}
		to, err := from.migrate(b, names, call)
		if err != nil {
			return err
		}
		if err := to.furnish(tx, store.In(call.Place())); err != nil {
			return err
		}
		return errors.Join(from.put(tx, store.In(call.Place()), call, call.Time), to.put(tx, store.In(call.Place()), call, call.Time))
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.MigrateWorkspaceOutput{SourceWorkspaceId: in.SourceWorkspaceId, TargetWorkspaceId: &names.id}, nil
}

func (s *Service) migrateWorkspaceChecks(ctx context.Context, in *workspaces.MigrateWorkspaceInput) ([]api.Check, error) {
	checks, err := s.checkEach(ctx, "workspaces:MigrateWorkspace", []string{text(in.SourceWorkspaceId)})
	if err != nil {
		return nil, err
	}
	more, err := s.onBundle(ctx, "workspaces:MigrateWorkspace", in.BundleId)
	return append(checks, more...), err
}

// migrate makes the desktop that takes the place of another. It has the sizes of
// its bundle, but no less of a user volume than there was.
func (d *Desktop) migrate(b Bundle, names newNames, c *api.Call) (*Desktop, error) {
	if d.State == Maintenance {
		return nil, &types.OperationInProgressException{Message: new("The WorkSpace " + d.ID + " is being migrated.")}
	}
	if !slices.Contains([]State{Available, Stopped, Unhealthy}, d.State) {
		return nil, unsupported(fmt.Sprintf("Migration of the WorkSpace %s in the state %s", d.ID, d.State))
	}
	to := &Desktop{
		ID: names.id, DirectoryID: d.DirectoryID, UserName: d.UserName, BundleID: b.ID, State: Pending, Move: 1,
		ComputerName: names.computer, SubnetID: d.SubnetID, Compute: string(b.Compute), RootGiB: b.RootGiB, UserGiB: max(b.UserGiB, d.UserGiB),
		RunningMode: d.RunningMode, AutoStopMinutes: d.AutoStopMinutes, Tags: maps.Clone(d.Tags), MigratesFrom: d.ID,
		CreatedAt: c.Time, CreatedBy: c.RequestID, ChangedAt: c.Time, ChangedBy: c.RequestID,
	}
	if !fitting(to.RootGiB, to.UserGiB) {
		to.RootGiB = max(to.RootGiB, 175)
	}
	was := d.State
	d.move(Maintenance, c.Time)
	d.ChangedBy, d.Was = c.RequestID, was
	return to, nil
}

// migrated ends a migration with its new desktop: the old one goes, or when the
// new one failed, goes on.
func (s *Service) migrated(tx *store.Tx, sc store.Scope, to *Desktop, done bool) error {
	from, err := desktopTable.Get(tx, sc, to.MigratesFrom)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	next := Starting
	switch {
	case done:
		next = Terminating
	case from.Was == Stopped:
		next = Stopped
	}
	from.Was = ""
	from.move(next, s.clock.Now())
	return from.put(tx, sc, nil, s.clock.Now())
}
