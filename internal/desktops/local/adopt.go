package local

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/inside"
	"tamachi/internal/desktops/local/removal"
)

// adopt reads the folder: it finds the desktops and those that run, ends
// processes that belong to no desktop that should run, and empties the trash.
func (p *Provider) adopt(ctx context.Context) error {
	entries, err := os.ReadDir(p.options.desktopsFolder())
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !idForm.MatchString(e.Name()) { // half made
			path := filepath.Join(p.options.desktopsFolder(), e.Name())
			if err := removal.Discard(path, p.options.trashFolder()); err != nil {
				return err
			}
			continue
		}
		if err := p.adoptOne(e.Name()); err != nil {
			return fmt.Errorf("find desktop %s again: %w", e.Name(), err)
		}
	}
	if err := p.endStrays(ctx); err != nil {
		return err
	}
	if err := removal.Empty(p.options.trashFolder()); err != nil {
		// Nothing is lost by keeping it; a person must look why.
		p.options.Logger.Error("trash of desktops not emptied", "err", err)
	}
	return nil
}

func (p *Provider) adoptOne(id string) error {
	d := newDesktop(p.options.desktopsFolder(), id)
	if err := load(filepath.Join(d.folder, recordFile), &d.rec); err != nil {
		return err
	}
	d.lease = d.rec.Lease
	if _, err := p.net.Addr(d.lease); err != nil {
		return err
	}
	var r run
	err := load(filepath.Join(d.folder, runFile), &r)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		d.live = &instance{run: r, up: true}
		if process, ok := find(r); ok {
			d.live.process = process
		}
	}
	p.desktops[id] = d
	p.leases = max(p.leases, d.lease+1)
	return nil
}

func newDesktop(parent, id string) *desktop {
	return &desktop{id: id, folder: filepath.Join(parent, id), turn: make(chan struct{}, 1)}
}

// endStrays ends what runs in our cgroups without being a desktop that should
// run: the rest of a start or a stop that was cut short.
func (p *Provider) endStrays(ctx context.Context) error {
	groups, err := p.group.Children()
	if err != nil {
		return err
	}
	for _, name := range groups {
		d := p.desktops[name]
		if d != nil && d.live != nil && d.live.process != nil {
			continue
		}
		g := p.groupOf(name)
		if err := g.Kill(ctx); err != nil {
			return err
		}
		if err := g.Remove(); err != nil {
			return err
		}
	}
	return nil
}

// take takes the turn at a desktop; the caller calls the returned function.
func (d *desktop) take(ctx context.Context) (done func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case d.turn <- struct{}{}:
		return func() { <-d.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// The ids of desktops. A data folder begins somewhere of its own among the
// ranges, so that two planes on one machine rarely share one.
const (
	firstID  = 1_000_000
	ranges   = (1<<32 - firstID) / inside.Ids
	windows  = 64
	inWindow = ranges / windows
)

// firstIDOf is the first of the 65,536 ids of a lease.
func (p *Provider) firstIDOf(lease int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(p.net.Name()))
	window := int(h.Sum32() % windows)
	return firstID + (window*inWindow+lease)%ranges*inside.Ids
}

// lease finds a lease that no desktop of the folder has, beginning behind the
// last one given, so that a range of ids rests before it is used again; p.mu
// is held.
func (p *Provider) lease() (int, error) {
	taken := map[int]bool{}
	for _, d := range p.desktops {
		taken[d.lease] = true
	}
	const most = 60_000
	for i := range most {
		n := (p.leases + i) % most
		if !taken[n] {
			p.leases = n + 1
			return n, nil
		}
	}
	return 0, fmt.Errorf("%d desktops are here: %w", len(taken), desktops.ErrFull)
}
