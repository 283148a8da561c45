package workspaces

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// Admit tells whether a browser at an address may look at a desktop now:
// desktops.ErrBarred says why not. Agents' ways are not asked about.
// Source: WorkSpaces Administration Guide, "IP access control groups for
// WorkSpaces", "Control device access", and the API reference,
// ModifyWorkspaceState.
func (s *Service) Admit(ctx context.Context, v desktops.Visit, from string) error {
	sc := store.In(v.Account, v.Region)
	return s.store.View(ctx, func(tx *store.Tx) error {
		d, err := desktopTable.Get(tx, sc, v.ID)
		if errors.Is(err, store.ErrNotFound) {
			return desktops.ErrNotFound
		}
		if err != nil {
			return err
		}
		if d.State == AdminMaintenance || d.State == Maintenance {
			return &desktops.Barred{Why: desktops.Upkeep, Detail: "it is under maintenance"}
		}
		dir, err := directories.Get(tx, sc, d.DirectoryID)
		if err != nil {
			return err
		}
		if dir.Settings.access().DeviceTypeWeb == types.AccessPropertyValueDeny {
			return &desktops.Barred{Why: desktops.Device, Detail: "browsers are not let in"}
		}
		return dir.admits(tx, sc, from)
	})
}

// admits asks the directory's IP access control groups, if it has any.
func (d *Directory) admits(tx *store.Tx, sc store.Scope, from string) error {
	if len(d.IPGroups) == 0 {
		return nil
	}
	addr, err := netip.ParseAddr(from)
	if err != nil {
		return &desktops.Barred{Why: desktops.Address, Detail: fmt.Sprintf("the address %q is none", from)}
	}
	for _, id := range d.IPGroups {
		g, err := ipGroups.Get(tx, sc, id)
		if err != nil {
			return err
		}
		if g.allows(addr.Unmap().WithZone("")) {
			return nil
		}
	}
	return &desktops.Barred{Why: desktops.Address, Detail: "the address " + from + " is in no group of the directory"}
}
