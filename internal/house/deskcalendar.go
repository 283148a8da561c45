package house

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	room "tamachi/internal/aws/services/desk"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/maintenance"
)

// nightsAhead is how far ahead a night of maintenance can be: a month's two
// weeks begin with its third Monday.
const nightsAhead = 35

// Maintenance returns what comes next of each kind in the visitor's Region.
func (f *deskFile) Maintenance(ctx context.Context, v room.Visitor) ([]room.Maintenance, error) {
	a, err := f.hands(ctx, v, v.Region)
	if err != nil {
		return nil, err
	}
	directories, err := account.AllDesktopDirectories(ctx, a.Desktops)
	if err != nil {
		return nil, troubled(v, err)
	}
	out := []room.Maintenance{}
	for _, d := range directories {
		if p := d.WorkspaceCreationProperties; p == nil || !aws.ToBool(p.EnableMaintenanceMode) {
			continue
		}
		for _, m := range []maintenance.Mode{maintenance.AlwaysOn, maintenance.AutoStop} {
			if from, to, ok := f.night(m, v.Region); ok {
				out = append(out, room.Maintenance{Name: d.DirectoryName, DirectoryId: d.DirectoryId, RunningMode: new(string(m)), From: &from, To: &to})
			}
		}
	}
	windows, err := maintenance.Next(ctx, a.Nodes)
	if p, ok := errors.AsType[*account.Problem](err); ok && (p.Kind == account.Unknown || p.Kind == account.Denied) {
		err = nil // who may not see windows sees the nights
	}
	if err != nil {
		return nil, troubled(v, err)
	}
	for _, w := range windows {
		out = append(out, room.Maintenance{Name: &w.Name, From: &w.From, To: &w.To})
	}
	slices.SortStableFunc(out, func(a, b room.Maintenance) int { return a.From.Compare(*b.From) })
	return out, nil
}

// night is the next one of a mode that is not over.
func (f *deskFile) night(m maintenance.Mode, region string) (from, to time.Time, ok bool) {
	now := f.World.Clock.Now()
	y, month, d := now.In(maintenance.Zone(region, f.World.Location)).Date()
	for n := range nightsAhead {
		from, to, ok = maintenance.Night(m, time.Date(y, month, d+n, 0, 0, 0, 0, maintenance.Zone(region, f.World.Location)))
		if ok && to.After(now) {
			return from, to, true
		}
	}
	return time.Time{}, time.Time{}, false
}
