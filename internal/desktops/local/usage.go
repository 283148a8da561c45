package local

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/inside"
)

// Resize gives a desktop new limits.
func (p *Provider) Resize(ctx context.Context, id string, size desktops.Size) (desktops.Desktop, error) {
	d, done, err := p.turn(ctx, "resize", id)
	if err != nil {
		return desktops.Desktop{}, err
	}
	defer done()
	if err := p.resize(d, size); err != nil {
		return desktops.Desktop{}, fmt.Errorf("resize desktop %s: %w", id, err)
	}
	return p.report(ctx, d), nil
}

// resize limits first what runs: where the machine refuses, as it does when
// more memory is in use than there would be, the record stays as it was.
func (p *Provider) resize(d *desktop, size desktops.Size) error {
	rec := d.record()
	spec, err := rec.Spec.Resized(size)
	if err == nil {
		err = errors.Join(p.lacking(desktops.Limits), inside.Check(spec))
	}
	if err != nil {
		return err
	}
	rec.Spec = spec
	if live := d.instance(); live != nil && live.process != nil && live.process.alive() {
		if _, err := p.ground.limit(rec); err != nil {
			return err
		}
	}
	return p.renew(d, func(r *record) { r.Spec = spec })
}

// fresh is how long the measure of a folder counts: to go through all files
// of a desktop costs more than all else that is asked of it.
const fresh = 5 * time.Minute

// measure is how full the volumes were, and when.
type measure struct {
	at         time.Time
	root, user int64
}

// Usage tells what a desktop uses.
func (p *Provider) Usage(ctx context.Context, id string) (desktops.Usage, error) {
	d, err := p.lookup("usage of", id)
	if err != nil {
		return desktops.Usage{}, err
	}
	if err := p.lacking(desktops.Limits); err != nil {
		return desktops.Usage{}, fmt.Errorf("usage of desktop %s: %w", id, err)
	}
	spec := d.record().Spec
	u := desktops.Usage{
		At: p.options.Clock.Now().UTC(), CPUs: spec.CPUs, MemoryLimit: int64(spec.MemoryMiB) << 20,
		Root: desktops.Volume{Size: int64(spec.RootGiB) << 30}, User: desktops.Volume{Size: int64(spec.UserGiB) << 30},
	}
	m, err := p.measured(ctx, d, u.At)
	if err != nil {
		return desktops.Usage{}, fmt.Errorf("usage of desktop %s: %w", id, err)
	}
	u.Root.Used, u.User.Used = m.root, m.user
	live := d.instance()
	if live == nil || live.process == nil || !live.process.alive() {
		return u, nil
	}
	u.StartedAt = live.run.StartedAt
	if err := p.ground.count(id, &u); err != nil {
		return desktops.Usage{}, fmt.Errorf("usage of desktop %s: %w", id, err)
	}
	return u, nil
}

// measured tells how full the volumes are: of folders, as of a short while ago.
func (p *Provider) measured(ctx context.Context, d *desktop, now time.Time) (measure, error) {
	d.measuring.Lock()
	defer d.measuring.Unlock()
	m, storage := measure{at: now}, p.storageOf(d.record())
	if !storage.Sized() && !d.full.at.IsZero() && now.Sub(d.full.at) < fresh {
		return d.full, nil
	}
	var err error
	if m.root, err = storage.Used(ctx, filepath.Join(d.folder, rootFolder)); err != nil {
		return m, err
	}
	if m.user, err = storage.Used(ctx, filepath.Join(d.folder, userFolder)); err != nil {
		return m, err
	}
	d.full = m
	return m, nil
}
