package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops"
)

// kept is what is known of the copy of a desktop's volumes, in kept.json
// beside them: the root volume is nothing without the image it lay over.
type kept struct {
	At    time.Time
	Image string
}

// The kept copy: the folder that it is, and the one in which it grows.
const (
	keptFolder = "kept"
	keptNew    = ".kept"
	keptFile   = "kept.json"
)

// lacking refuses what the ground cannot do.
func (p *Provider) lacking(c desktops.Capability) error {
	if p.ground.about().Can(c) {
		return nil
	}
	return fmt.Errorf("%s: %w", c, desktops.ErrLacking)
}

// Keep copies both volumes while nothing in the desktop moves.
func (p *Provider) Keep(ctx context.Context, id string) (desktops.Desktop, error) {
	return p.copying(ctx, "copy", id, p.keep)
}

// copying does something with the copy of a desktop, in its turn and where the
// ground can copy.
func (p *Provider) copying(ctx context.Context, what, id string, do func(context.Context, *desktop) error) (desktops.Desktop, error) {
	d, done, err := p.turn(ctx, what, id)
	if err != nil {
		return desktops.Desktop{}, err
	}
	defer done()
	if err = errors.Join(p.lacking(desktops.Copies), p.space()); err == nil {
		err = do(ctx, d)
	}
	if err != nil {
		return desktops.Desktop{}, fmt.Errorf("%s desktop %s: %w", what, id, err)
	}
	return p.report(ctx, d), nil
}

func (p *Provider) keep(ctx context.Context, d *desktop) error {
	made := filepath.Join(d.folder, keptNew)
	if err := p.remove(made); err != nil { // of a copy that was cut short
		return err
	}
	if err := os.Mkdir(made, 0o700); err != nil {
		return err
	}
	k := kept{At: p.options.Clock.Now().UTC(), Image: d.record().Image}
	err := p.still(ctx, d, func() error { return p.copyVolumes(ctx, d, d.folder, made) })
	if err != nil {
		return errors.Join(err, p.remove(made))
	}
	if err := save(filepath.Join(made, keptFile), k); err != nil {
		return err
	}
	if err := replaceFolder(made, filepath.Join(d.folder, keptFolder)); err != nil {
		return err
	}
	d.mu.Lock()
	d.kept = &k
	d.mu.Unlock()
	return p.remove(made) // now the older copy
}

// replaceFolder gives a folder its name; what had it before is then called as
// the new one was.
func replaceFolder(made, name string) error {
	err := unix.Renameat2(unix.AT_FDCWD, made, unix.AT_FDCWD, name, unix.RENAME_EXCHANGE)
	if errors.Is(err, unix.ENOENT) {
		err = os.Rename(made, name)
	}
	if err != nil {
		return err
	}
	return syncFolder(filepath.Dir(name))
}

// copyVolumes copies both volumes from one folder into another.
func (p *Provider) copyVolumes(ctx context.Context, d *desktop, from, to string) error {
	storage := p.storageOf(d.record())
	for _, name := range []string{rootFolder, userFolder} {
		if err := storage.Copy(ctx, filepath.Join(from, name), filepath.Join(to, name), 0); err != nil {
			return err
		}
	}
	return nil
}

// still does something while nothing in the desktop moves.
func (p *Provider) still(ctx context.Context, d *desktop, do func() error) (err error) {
	if live := d.instance(); live != nil && live.process != nil && live.process.alive() {
		thaw, err := p.ground.freeze(ctx, d.id)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, thaw()) }()
	}
	if _, err := os.Lstat(filepath.Join(d.folder, rootFolder)); errors.Is(err, fs.ErrNotExist) { // a rebuild was cut short
		if err := p.volumes(ctx, d); err != nil {
			return err
		}
	}
	return do()
}

// Restore puts both volumes back to the kept copy.
func (p *Provider) Restore(ctx context.Context, id string) (desktops.Desktop, error) {
	return p.copying(ctx, "restore", id, p.restore)
}

// restore copies first, while the desktop still runs, and then exchanges. Cut
// short, it is whole again when it is called again.
func (p *Provider) restore(ctx context.Context, d *desktop) error {
	k := d.copy()
	if k == nil {
		return desktops.ErrNotKept
	}
	back := filepath.Join(d.folder, ".back")
	if err := p.remove(back); err != nil {
		return err
	}
	if err := os.Mkdir(back, 0o700); err != nil {
		return err
	}
	if err := p.copyVolumes(ctx, d, filepath.Join(d.folder, keptFolder), back); err != nil {
		return errors.Join(err, p.remove(back))
	}
	if err := p.stop(ctx, d); err != nil {
		return err
	}
	for _, volume := range []string{rootFolder, userFolder} {
		if err := replaceFolder(filepath.Join(back, volume), filepath.Join(d.folder, volume)); err != nil {
			return err
		}
	}
	if err := p.renew(d, func(rec *record) { rec.Image = k.Image }); err != nil {
		return err
	}
	if err := p.start(ctx, d); err != nil {
		return err
	}
	return p.remove(back)
}

// renew changes the record of a desktop, on the disk first; the caller has the
// turn.
func (p *Provider) renew(d *desktop, change func(*record)) error {
	rec := d.record()
	change(&rec)
	if err := save(filepath.Join(d.folder, recordFile), rec); err != nil {
		return err
	}
	d.mu.Lock()
	d.rec = rec
	d.mu.Unlock()
	return nil
}

// copy is the kept copy, nil if there is none.
func (d *desktop) copy() *kept {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.kept
}

// findCopy reads what is known of the kept copy.
func (d *desktop) findCopy() error {
	var k kept
	err := load(filepath.Join(d.folder, keptFolder, keptFile), &k)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		d.kept = &k
	}
	return err
}
