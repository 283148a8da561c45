package provision

import (
	"context"
	"errors"

	"tamachi/internal/desktops"
)

// Guises knows what directory and policies say of a desktop's user.
type Guises interface {
	Guise(ctx context.Context, account, region, directoryID, user string) (desktops.Guise, error)
}

// guise is that of a desktop that is to be made. A directory that cannot say
// keeps no desktop away: the next start asks again.
func (e *Engine) guise(ctx context.Context, job desktops.Job) desktops.Guise {
	if e.Guises == nil {
		return desktops.Guise{Administrator: job.Administrator}
	}
	g, err := e.Guises.Guise(ctx, job.Account, job.Region, job.DirectoryID, job.Spec.UserName)
	if err != nil {
		e.opts.Log.WarnContext(ctx, "groups and policies of a desktop's user not known", "account", job.Account, "resource", job.ID, "err", err)
	}
	g.Administrator = job.Administrator
	return g
}

// dress gives a desktop that is about to start the guise of now; where the
// directory does not say it keeps the one it has.
func (e *Engine) dress(ctx context.Context, job desktops.Job) {
	dresser, ok := e.Provider.(desktops.Dresser)
	if !ok || e.Guises == nil {
		return
	}
	g, err := e.Guises.Guise(ctx, job.Account, job.Region, job.DirectoryID, job.Spec.UserName)
	g.Administrator = job.Administrator
	if err == nil {
		err = dresser.Dress(ctx, job.ID, g)
	}
	if err != nil && !errors.Is(err, desktops.ErrNotFound) && !errors.Is(err, desktops.ErrLacking) && ctx.Err() == nil {
		e.opts.Log.WarnContext(ctx, "desktop starts with the groups and policies of before", "account", job.Account, "resource", job.ID, "err", err)
	}
}
