package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/network"
	"tamachi/internal/desktops/local/removal"
	"tamachi/internal/desktops/local/volume"
)

// Provider makes desktops on this machine. It is safe for concurrent use.
type Provider struct {
	options Options
	ground  ground
	storage volume.Storage // of new desktops
	queue   chan struct{}  // a place a core: many starts at once are slower than a few

	mu       sync.Mutex
	desktops map[string]*desktop // guarded by mu
	leases   int                 // guarded by mu; where the search for a free lease begins
	watchers map[int]struct{}    // guarded by mu; event descriptors to ring when desktops come and go

	// choosing is held for reading from the choice of an image until it is in
	// a desktop's record, and for writing while discarded images are removed.
	choosing sync.RWMutex
}

// desktop is a desktop of the folder.
type desktop struct {
	id     string
	folder string
	lease  int
	turn   chan struct{} // held by the operation that changes the desktop

	mu   sync.Mutex
	rec  record    // guarded by mu
	live *instance // guarded by mu; nil while it is stopped as asked
	kept *kept     // guarded by mu; nil while no copy of its volumes is kept

	measuring sync.Mutex
	full      measure // guarded by measuring
}

// instance is one run of a desktop, from its start until it is stopped as
// asked; its process may have ended by itself.
type instance struct {
	run     run
	process *process // nil when it had ended before this provider came
	asked   bool     // guarded by desktop.mu; we are ending it ourselves
	up      bool     // guarded by desktop.mu; its display has answered
}

var _ desktops.Provider = (*Provider)(nil)

// Open opens the folder, raises its bridge, finds the desktops that run, and
// removes what an earlier provider left half done. On a machine that allows no
// namespaces the desktops are plain display servers; About says so.
func Open(ctx context.Context, o Options) (*Provider, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	err = probe(o.Exe)
	if errors.Is(err, ErrNoNamespaces) {
		return openPlain(ctx, o)
	}
	if err != nil {
		return nil, err
	}
	for _, dir := range []string{o.Dir, o.desktopsFolder()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	set, err := o.settle()
	if err != nil {
		return nil, err
	}
	g, err := isolate(o, set)
	if err != nil {
		return nil, err
	}
	return over(ctx, o, g)
}

// openPlain is Open on a machine without namespaces.
func openPlain(ctx context.Context, o Options) (*Provider, error) {
	o, err := level(o)
	if err != nil {
		return nil, err
	}
	set, err := o.settle()
	if err != nil {
		return nil, err
	}
	return over(ctx, o, &plain{folder: set.ID})
}

// over makes the provider over its ground.
func over(ctx context.Context, o Options, g ground) (*Provider, error) {
	storage, err := choose(o, g)
	if err != nil {
		return nil, err
	}
	p := &Provider{
		options: o, ground: g, storage: storage, queue: make(chan struct{}, runtime.NumCPU()),
		desktops: map[string]*desktop{}, watchers: map[int]struct{}{},
	}
	return p, p.adopt(ctx)
}

// ErrNoNamespaces reports a machine on which desktops cannot be isolated.
var ErrNoNamespaces = errors.New("this machine does not let the plane make user, pid, mount and network namespaces")

// probe finds out whether namespaces can be made, by making some.
func probe(exe string) error {
	p, err := os.StartProcess(exe, []string{"tamachi", "desktop-init", "probe"}, &os.ProcAttr{
		Sys: &syscall.SysProcAttr{
			Cloneflags: unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWNET |
				unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP,
			UidMappings: []syscall.SysProcIDMap{{HostID: firstID, Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{HostID: firstID, Size: 1}},
		},
	})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoNamespaces, err)
	}
	state, err := p.Wait()
	if err != nil {
		return err
	}
	if !state.Success() {
		return fmt.Errorf("%s does not answer to desktop-init: %s", exe, state)
	}
	return nil
}

// settle reads the folder's id and range, or chooses them once.
func (o Options) settle() (settings, error) {
	var set settings
	err := load(filepath.Join(o.Dir, settingsFile), &set)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return set, err
	}
	return o.assign(settings{ID: o.IDs.Hex(6)})
}

// assign chooses the folder's range and writes it down.
func (o Options) assign(set settings) (settings, error) {
	prefix, err := network.Choose(set.ID)
	if err != nil {
		return set, err
	}
	set.Prefix = prefix.String()
	return set, save(filepath.Join(o.Dir, settingsFile), set)
}

// choose chooses the storage of new desktops. Where nothing was asked for, quotas
// on a Btrfs file system say that its owner means subvolumes.
func choose(o Options, g ground) (volume.Storage, error) {
	files := volume.Files{Exe: o.Exe}
	if o.Storage == "dir" || !g.about().Can(desktops.Quotas) {
		return volume.Folders{}, nil
	}
	if o.Storage == "btrfs" || o.Storage == "" {
		err := volume.Subvolumes{}.Available(o.Dir, o.Storage != "")
		if err == nil || o.Storage != "" {
			return volume.Subvolumes{}, err
		}
	}
	err := files.Available()
	if err == nil && o.Storage == "reflink" {
		err = files.Sharing(o.Dir)
	}
	if err == nil {
		return files, nil
	}
	if o.Storage != "" {
		return nil, err
	}
	o.Logger.Warn("volumes of desktops have no bound", "err", err)
	return volume.Folders{}, nil
}

// storageOf is the storage of a desktop that is there.
func (p *Provider) storageOf(rec record) volume.Storage {
	for _, s := range []volume.Storage{volume.Files{Exe: p.options.Exe}, volume.Subvolumes{}} {
		if s.Name() == rec.Storage {
			return s
		}
	}
	return volume.Folders{}
}

// About describes the provider.
func (p *Provider) About() desktops.About {
	about := p.ground.about()
	if about.Can(desktops.Quotas) && !p.storage.Sized() {
		about.Lacks = append(about.Lacks, desktops.Quotas)
	}
	about.Lacks = append(slices.Clip(about.Lacks), desktops.GPUs)
	about.NoGPU = noGPU(gpus(os.DirFS("/dev")))
	return about
}

// PlaneAddr is the bridge's address: the plane listens there, on
// Options.PlanePort, for its desktops. It is invalid where desktops have no
// network of their own.
func (p *Provider) PlaneAddr() netip.Addr { return p.ground.plane() }

// Prepare makes the images.
func (p *Provider) Prepare(ctx context.Context, progress func(desktops.Progress)) error {
	return p.ground.prepare(ctx, progress)
}

// Inspect reports a desktop as it is now.
func (p *Provider) Inspect(ctx context.Context, id string) (desktops.Desktop, error) {
	d, err := p.lookup("inspect", id)
	if err != nil {
		return desktops.Desktop{}, err
	}
	return p.report(ctx, d), nil
}

// List reports all desktops in the order of their ids.
func (p *Provider) List(ctx context.Context) ([]desktops.Desktop, error) {
	p.mu.Lock()
	all := make([]*desktop, 0, len(p.desktops))
	for _, d := range p.desktops {
		all = append(all, d)
	}
	p.mu.Unlock()
	slices.SortFunc(all, func(a, b *desktop) int { return strings.Compare(a.id, b.id) })
	out := make([]desktops.Desktop, 0, len(all))
	for _, d := range all {
		out = append(out, p.report(ctx, d))
	}
	return out, ctx.Err()
}

// lookup finds a desktop; what names the attempt.
func (p *Provider) lookup(what, id string) (*desktop, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if d, ok := p.desktops[id]; ok {
		return d, nil
	}
	return nil, fmt.Errorf("%s desktop %s: %w", what, id, desktops.ErrNotFound)
}

// report looks at the process and asks the display.
func (p *Provider) report(ctx context.Context, d *desktop) desktops.Desktop {
	spec := d.record().Spec
	out := desktops.Desktop{ID: d.id, Owner: spec.Owner, State: desktops.Stopped, Addr: spec.Addr}
	if !spec.Addr.IsValid() {
		out.Addr = p.ground.addr(d.lease)
	}
	if k := d.copy(); k != nil {
		out.KeptAt = k.At
	}
	live := d.instance()
	if live == nil || live.process == nil || !live.process.alive() {
		return out
	}
	out.State, out.PID, out.StartedAt = desktops.Sick, live.run.PID, live.run.StartedAt
	out.Cgroup = p.ground.group(d.id)
	if answers(ctx, d.folder) == nil {
		out.State = desktops.Running
	}
	return out
}

func (d *desktop) instance() *instance {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.live
}

func (d *desktop) record() record {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rec
}

// Close lets go of the desktops, which live on.
func (p *Provider) Close() error {
	p.ground.close() // asks for the desktops under its own lock
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, d := range p.desktops {
		if live := d.instance(); live != nil && live.process != nil {
			live.process.close()
		}
	}
	p.desktops = map[string]*desktop{}
	return nil
}

// Purge destroys all desktops and removes the bridge, its table and all that
// this provider keeps in its folder. Images stay. The provider is of no use
// afterwards.
func (p *Provider) Purge(ctx context.Context) error {
	all, err := p.List(ctx)
	if err != nil {
		return err
	}
	for _, d := range all {
		if err := p.Destroy(ctx, d.ID); err != nil {
			return err
		}
	}
	if err := p.ground.lower(); err != nil {
		return err
	}
	for _, folder := range []string{p.options.desktopsFolder(), p.options.imagesFolder()} {
		if err := removal.Tree(folder, p.options.trashFolder()); err != nil {
			return err
		}
	}
	if err := os.Remove(p.options.trashFolder()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := forget(filepath.Join(p.options.Dir, settingsFile)); err != nil {
		return err
	}
	_ = os.Remove(p.options.Dir) // others may keep something there
	return nil
}
