package house

import (
	"context"
	"errors"
	"time"

	"tamachi/internal/aws/services/tamachi"
	"tamachi/internal/aws/services/workspaces"
	"tamachi/internal/desktops"
	"tamachi/internal/engine/provision"
)

// guises is what directories and policies say of desktops' users.
type guises struct{ h *House }

var (
	_ provision.Guises  = guises{}
	_ tamachi.Wardrobe  = guises{}
	_ workspaces.Guises = guises{}
)

// Guise asks the plane's own service, which decides.
func (g guises) Guise(ctx context.Context, account, region, directoryID, user string) (desktops.Guise, error) {
	return g.h.rooms.tamachi.Guise(ctx, account, region, directoryID, user)
}

// Dresses tells whether desktops carry policies out here.
func (g guises) Dresses() bool {
	_, ok := g.h.desktops.(desktops.Dresser)
	return ok && g.h.desktops.About().Can(desktops.Guises)
}

// Worn tells how a desktop did.
func (g guises) Worn(ctx context.Context, id string) (desktops.Worn, error) {
	d, ok := g.h.desktops.(desktops.Dresser)
	if !ok {
		return desktops.Worn{}, desktops.ErrNotFound
	}
	return d.Worn(ctx, id)
}

// dressTime is how long a person who comes waits for their groups at most.
const dressTime = 3 * time.Second

// renew dresses a running desktop whose person comes. What fails is no reason to
// keep them out: the desktop has the guise of before.
func (g guises) renew(ctx context.Context, p desktops.Person, id string) {
	ctx, cancel := context.WithTimeout(ctx, dressTime)
	defer cancel()
	d, ok := g.h.desktops.(desktops.Dresser)
	if !ok {
		return
	}
	guise, err := g.Guise(ctx, p.Account, p.Region, p.DirectoryID, p.UserName)
	if err == nil {
		guise.Administrator, err = g.h.rooms.workspaces.Administers(ctx, p.Account, p.Region, id)
	}
	if err == nil {
		err = d.Dress(ctx, id, guise)
	}
	if err != nil && !errors.Is(err, desktops.ErrLacking) {
		g.h.o.Log.WarnContext(ctx, "desktop keeps the groups and policies of before", "account", p.Account, "resource", id, "err", err)
	}
}
