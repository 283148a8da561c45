package house

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"tamachi/internal/desk/plan"
)

// run applies plans until ctx ends. One that is broken off then goes on when
// somebody applies it again, as after `tamachi plan apply` and Ctrl-C.
func (f *deskFile) run(ctx context.Context) error {
	var g errgroup.Group
	g.SetLimit(mostAtWork)
	for {
		select {
		case <-ctx.Done():
			return errors.Join(g.Wait(), f.clear())
		case j := <-f.jobs:
			g.Go(func() error { f.apply(ctx, j); return nil })
		}
	}
}

func (f *deskFile) apply(ctx context.Context, j job) {
	untold, err := j.desk.Run(ctx, j.journal, j.accounts, j.by, j.agreed)
	if untold != nil {
		f.h.o.Log.WarnContext(ctx, "people could not be told what a plan did", "resource", j.id, "err", untold)
	}
	if err != nil && !errors.Is(err, plan.ErrStopped) {
		f.h.o.Log.ErrorContext(ctx, "plan was not applied to its end", "resource", j.id, "err", err)
	}
	f.over(j.id)
	if err := j.journal.Close(); err != nil {
		f.h.o.Log.WarnContext(ctx, "plan could not be closed", "resource", j.id, "err", err)
	}
}

// clear gives the plans free that nobody began to apply.
func (f *deskFile) clear() (err error) {
	for {
		select {
		case j := <-f.jobs:
			err = errors.Join(err, j.journal.Close())
		default:
			return err
		}
	}
}
