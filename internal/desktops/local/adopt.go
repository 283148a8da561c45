package local

import (
	"context"
	"errors"
	"fmt"
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
		if !inside.IsID(e.Name()) { // half made
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
	if err := p.discardHalfMade(); err != nil {
		return err
	}
	p.sweepImages()
	p.emptyTrash()
	return nil
}

// emptyTrash removes what was discarded. What cannot be removed is out of the
// way and is tried again the next time; a person must look why.
func (p *Provider) emptyTrash() {
	if err := removal.Empty(p.options.trashFolder()); err != nil {
		p.options.Logger.Error("trash of desktops not emptied", "err", err)
	}
}

// remove gives up a folder. What stays in the trash, of this or of another
// desktop, keeps nobody from going on.
func (p *Provider) remove(path string) error {
	if err := removal.Discard(path, p.options.trashFolder()); err != nil {
		return err
	}
	p.emptyTrash()
	return nil
}

func (p *Provider) adoptOne(id string) error {
	d := newDesktop(p.options.desktopsFolder(), id)
	if err := load(filepath.Join(d.folder, recordFile), &d.rec); err != nil {
		return err
	}
	if err := d.findCopy(); err != nil {
		return err
	}
	d.lease = d.rec.Lease
	if d.lease < 0 || d.lease >= leases {
		return fmt.Errorf("its lease %d is none", d.lease)
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
			if err := p.ground.thaw(id); err != nil { // a copy was cut short
				return err
			}
		}
	}
	p.desktops[id] = d
	p.leases = max(p.leases, d.lease+1)
	return nil
}

// discardHalfMade gives up the images whose capture was cut short.
func (p *Provider) discardHalfMade() error {
	entries, err := os.ReadDir(p.options.imagesFolder())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if imageForm.MatchString(e.Name()) {
			continue
		}
		if err := removal.Discard(p.options.imageFolder(e.Name()), p.options.trashFolder()); err != nil {
			return err
		}
	}
	return nil
}

func newDesktop(parent, id string) *desktop {
	return &desktop{id: id, folder: filepath.Join(parent, id), turn: make(chan struct{}, 1)}
}

// endStrays ends what runs without being a desktop that should run: the rest
// of a start or a stop that was cut short.
func (p *Provider) endStrays(ctx context.Context) error {
	leases := map[string]int{}
	for id, d := range p.desktops {
		leases[id] = d.lease
	}
	return p.ground.strays(ctx, leases, func(id string) bool {
		d := p.desktops[id]
		return d != nil && d.live != nil && d.live.process != nil
	})
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

// leases is how many desktops a folder can have.
const leases = 60_000

// lease finds a lease that no desktop of the folder has, beginning behind the
// last one given, so that a range of ids rests before it is used again; p.mu
// is held.
func (p *Provider) lease() (int, error) {
	taken := map[int]bool{}
	for _, d := range p.desktops {
		taken[d.lease] = true
	}
	for i := range leases {
		n := (p.leases + i) % leases
		if !taken[n] {
			p.leases = n + 1
			return n, nil
		}
	}
	return 0, fmt.Errorf("%d desktops are here: %w", len(taken), desktops.ErrFull)
}
