package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/inside"
	"tamachi/internal/desktops/local/removal"
	"tamachi/internal/desktops/local/volume"
)

// Create makes a desktop and starts it, or starts the one that is there.
func (p *Provider) Create(ctx context.Context, spec desktops.Spec) (desktops.Desktop, error) {
	if err := inside.Check(spec); err != nil {
		return desktops.Desktop{}, fmt.Errorf("create desktop: %w", err)
	}
	d, done, err := p.claim(ctx, spec.ID)
	if err != nil {
		return desktops.Desktop{}, fmt.Errorf("create desktop %s: %w", spec.ID, err)
	}
	defer done()
	if err := p.furnish(ctx, d, spec); err != nil {
		p.disclaim(d)
		return desktops.Desktop{}, fmt.Errorf("create desktop %s: %w", spec.ID, err)
	}
	if err := p.start(ctx, d); err != nil {
		return desktops.Desktop{}, fmt.Errorf("create desktop %s: %w", spec.ID, err)
	}
	return p.report(ctx, d), nil
}

// claim finds the desktop or reserves its id and a lease, and takes the turn.
func (p *Provider) claim(ctx context.Context, id string) (*desktop, func(), error) {
	p.mu.Lock()
	d, ok := p.desktops[id]
	if !ok {
		lease, err := p.lease()
		if err != nil {
			p.mu.Unlock()
			return nil, nil, err
		}
		d = newDesktop(p.options.desktopsFolder(), id)
		d.lease = lease
		p.desktops[id] = d
	}
	p.mu.Unlock()
	done, err := d.take(ctx)
	if err != nil {
		if !ok {
			p.disclaim(d)
		}
		return nil, nil, err
	}
	return d, done, nil
}

// disclaim takes a desktop that was never made out of the list.
func (p *Provider) disclaim(d *desktop) {
	if d.record().Spec.ID != "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.desktops[d.id] == d {
		delete(p.desktops, d.id)
	}
}

// least is the space in bytes without which no desktop is made.
const least = 512 << 20

// furnish makes the desktop's folder complete under another name and gives it
// its own in one step. For a desktop that is there it takes over the new spec:
// its limits count from the next start, an activation until the agent has one.
func (p *Provider) furnish(ctx context.Context, d *desktop, spec desktops.Spec) error {
	rec := d.record()
	node := spec.Node
	spec.Node.ActivationCode = "" // only in the agent's folder
	if rec.Spec.ID != "" {
		if err := p.renew(d, func(r *record) { r.Spec = spec }); err != nil {
			return err
		}
		home, owner := filepath.Join(d.folder, agentHome), p.ground.owner(d.lease)
		return errors.Join(writeAgentConfig(home, node, owner), writeGuise(home, spec.Guise, owner))
	}
	if err := p.space(); err != nil {
		return err
	}
	p.choosing.RLock()
	defer p.choosing.RUnlock()
	imageName, err := p.imageFor(ctx, spec.Image, "")
	if err != nil {
		return err
	}
	rec = record{Spec: spec, Lease: d.lease, Image: imageName, MachineID: p.options.IDs.Hex(32), Storage: p.storage.Name()}
	made := filepath.Join(p.options.desktopsFolder(), ".new-"+d.id)
	if err := p.remove(made); err != nil {
		return err
	}
	if err := p.makeFolder(ctx, made, rec, node); err != nil {
		return errors.Join(err, p.remove(made))
	}
	if err := os.Rename(made, d.folder); err != nil {
		return err
	}
	d.mu.Lock()
	d.rec = rec
	d.mu.Unlock()
	return syncFolder(p.options.desktopsFolder())
}

// space refuses to begin a desktop on a full disk.
func (p *Provider) space() error {
	var st unix.Statfs_t
	if err := unix.Statfs(p.options.Dir, &st); err != nil {
		return fmt.Errorf("ask for free space in %s: %w", p.options.Dir, err)
	}
	if free := st.Bavail * uint64(st.Bsize); free < least {
		return fmt.Errorf("%s has %d MiB free, %d are needed; free some or destroy desktops: %w",
			p.options.Dir, free>>20, least>>20, desktops.ErrNoSpace)
	}
	return nil
}

// makeFolder fills the folder of a new desktop.
func (p *Provider) makeFolder(ctx context.Context, folder string, rec record, node desktops.Node) error {
	owner := p.ground.owner(rec.Lease)
	if err := os.Mkdir(folder, 0o711); err != nil { // the folder around it decides who comes here
		return err
	}
	if err := p.storage.Make(ctx, filepath.Join(folder, rootFolder), volume.Root, rec.Spec.RootGiB, owner); err != nil {
		return err
	}
	if err := p.makeUser(ctx, filepath.Join(folder, userFolder), rec); err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(folder, mountFolder), 0o700); err != nil {
		return err
	}
	for name, mode := range map[string]os.FileMode{agentHome: 0o700, signalsFolder: 0o755} {
		if err := makeOwned(filepath.Join(folder, name), mode, owner); err != nil {
			return err
		}
	}
	home := filepath.Join(folder, agentHome)
	if err := errors.Join(writeAgentConfig(home, node, owner), writeGuise(home, rec.Spec.Guise, owner)); err != nil {
		return err
	}
	return save(filepath.Join(folder, recordFile), rec)
}

// makeOwned makes a folder that belongs to the desktop.
func makeOwned(path string, mode os.FileMode, owner int) error {
	if err := os.Mkdir(path, mode); err != nil {
		return err
	}
	return os.Chown(path, owner, owner)
}

// makeUser makes the user volume, empty or as a copy of another's.
func (p *Provider) makeUser(ctx context.Context, path string, rec record) error {
	if rec.Spec.UserOf != "" {
		return p.inherit(ctx, path, rec)
	}
	return p.storage.Make(ctx, path, volume.User, rec.Spec.UserGiB, p.ground.owner(rec.Lease))
}

// volumes makes both volumes as large as they should be, and the root volume
// if a rebuild took it away; the desktop does not run.
func (p *Provider) volumes(ctx context.Context, d *desktop) error {
	rec := d.record()
	storage, root := p.storageOf(rec), filepath.Join(d.folder, rootFolder)
	if _, err := os.Lstat(root); errors.Is(err, fs.ErrNotExist) {
		return storage.Make(ctx, root, volume.Root, rec.Spec.RootGiB, p.ground.owner(d.lease))
	}
	if err := storage.Fit(ctx, root, rec.Spec.RootGiB); err != nil {
		return err
	}
	return storage.Fit(ctx, filepath.Join(d.folder, userFolder), rec.Spec.UserGiB)
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// Start starts a desktop; one that is sick is stopped first.
func (p *Provider) Start(ctx context.Context, id string) (desktops.Desktop, error) {
	d, done, err := p.turn(ctx, "start", id)
	if err != nil {
		return desktops.Desktop{}, err
	}
	defer done()
	if err := p.start(ctx, d); err != nil {
		return desktops.Desktop{}, fmt.Errorf("start desktop %s: %w", id, err)
	}
	return p.report(ctx, d), nil
}

// turn finds a desktop and takes the turn at it. It may have been destroyed
// while we waited.
func (p *Provider) turn(ctx context.Context, what, id string) (*desktop, func(), error) {
	d, err := p.lookup(what, id)
	if err != nil {
		return nil, nil, err
	}
	done, err := d.take(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("%s desktop %s: %w", what, id, err)
	}
	if now, err := p.lookup(what, id); err != nil || now != d || d.record().Spec.ID == "" {
		done()
		return nil, nil, fmt.Errorf("%s desktop %s: %w", what, id, desktops.ErrNotFound)
	}
	return d, done, nil
}

// start brings a desktop up; the caller has the turn.
func (p *Provider) start(ctx context.Context, d *desktop) error {
	if live := d.instance(); live != nil {
		if p.report(ctx, d).State == desktops.Running {
			return nil
		}
		if err := p.stop(ctx, d); err != nil {
			return err
		}
	}
	select {
	case p.queue <- struct{}{}:
		defer func() { <-p.queue }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return p.launch(ctx, d)
}

// Stop ends every process of the desktop.
func (p *Provider) Stop(ctx context.Context, id string) error {
	d, done, err := p.turn(ctx, "stop", id)
	if err != nil {
		return err
	}
	defer done()
	if err := p.stop(ctx, d); err != nil {
		return fmt.Errorf("stop desktop %s: %w", id, err)
	}
	p.emptyTrash()
	return nil
}

// politely is how long the desktop's first process has to end the others.
const politely = 3 * time.Second

// stop ends the desktop and takes away its cgroup and interface; the caller
// has the turn. Nothing of it is left to run when run.json is gone: if we are
// cut short, the next provider ends the rest.
func (p *Provider) stop(ctx context.Context, d *desktop) error {
	live := d.instance()
	if live != nil {
		d.mu.Lock()
		live.asked = true
		d.mu.Unlock()
	}
	if err := forget(filepath.Join(d.folder, runFile)); err != nil {
		return err
	}
	if live != nil && live.process != nil {
		if err := endPolitely(ctx, live.process); err != nil {
			return err
		}
	}
	if err := p.ground.clear(ctx, d.id, d.lease); err != nil {
		return err
	}
	d.mu.Lock()
	d.live = nil
	d.mu.Unlock()
	p.ring()
	if live != nil && live.process != nil {
		live.process.close()
	}
	return nil
}

// endPolitely asks the process to end and waits a while for it.
func endPolitely(ctx context.Context, process *process) error {
	if err := process.signal(unix.SIGTERM); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, politely)
	defer cancel()
	if err := process.waitFor(limited); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return ctx.Err()
}

// Rebuild replaces the root volume.
func (p *Provider) Rebuild(ctx context.Context, id, image string) (desktops.Desktop, error) {
	d, done, err := p.turn(ctx, "rebuild", id)
	if err != nil {
		return desktops.Desktop{}, err
	}
	defer done()
	if err := p.rebuild(ctx, d, image); err != nil {
		return desktops.Desktop{}, fmt.Errorf("rebuild desktop %s: %w", id, err)
	}
	return p.report(ctx, d), nil
}

func (p *Provider) rebuild(ctx context.Context, d *desktop, image string) error {
	rec := d.record()
	if err := p.space(); err != nil {
		return err
	}
	p.choosing.RLock()
	defer p.choosing.RUnlock()
	image = cmp.Or(image, rec.Spec.Image)
	name, err := p.imageFor(ctx, image, rec.Image)
	if err != nil {
		return err
	}
	if err := p.stop(ctx, d); err != nil {
		return err
	}
	if err := removal.Discard(filepath.Join(d.folder, rootFolder), p.options.trashFolder()); err != nil {
		return err
	}
	if err := p.renew(d, func(r *record) { r.Image, r.Spec.Image = name, image }); err != nil {
		return err
	}
	if err := p.start(ctx, d); err != nil {
		return err
	}
	p.emptyTrash()
	return nil
}

// Destroy ends the desktop and removes its folder.
func (p *Provider) Destroy(ctx context.Context, id string) error {
	d, done, err := p.turn(ctx, "destroy", id)
	if errors.Is(err, desktops.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer done()
	if err := p.stop(ctx, d); err != nil {
		return fmt.Errorf("destroy desktop %s: %w", id, err)
	}
	if err := removal.Discard(d.folder, p.options.trashFolder()); err != nil {
		return fmt.Errorf("destroy desktop %s: %w", id, err)
	}
	p.mu.Lock()
	delete(p.desktops, id)
	p.mu.Unlock()
	p.ring()
	p.sweepImages()
	p.emptyTrash()
	return nil
}
