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
	sc := store.Scope{Account: v.Account, Region: v.Region}
	return s.store.View(ctx, func(tx *store.Tx) error {
		d, err := desktopTable.Get(tx, sc, v.ID)
		if errors.Is(err, store.ErrNotFound) {
			return desktops.ErrNotFound
		}
		if err != nil {
			return err
		}
		if d.State == AdminMaintenance {
			return fmt.Errorf("%w: it is under maintenance", desktops.ErrBarred)
		}
		dir, err := directories.Get(tx, sc, d.DirectoryID)
		if err != nil {
			return err
		}
		if dir.Settings.access().DeviceTypeWeb == types.AccessPropertyValueDeny {
			return fmt.Errorf("%w: browsers are not let in", desktops.ErrBarred)
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
		return fmt.Errorf("%w: the address %q is none", desktops.ErrBarred, from)
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
	return fmt.Errorf("%w: the address %s is in no group of the directory", desktops.ErrBarred, from)
}
