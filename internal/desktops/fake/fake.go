package fake

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"

	"tamachi/internal/desktops"
)

// Provider is a provider over a World.
type Provider struct {
	world *World
}

var _ desktops.Provider = (*Provider)(nil)

// Open returns a provider over the world; several may look at the same one.
func Open(w *World) *Provider { return &Provider{world: w} }

// About says that nothing here is real.
func (p *Provider) About() desktops.About {
	return desktops.About{
		Name: "fake", Lacks: []desktops.Capability{desktops.Quotas, desktops.Sounds, desktops.Prints, desktops.GPUs},
		NoGPU: "desktops that are made in memory have none", Note: "desktops are made in memory only: no process, no volume",
	}
}

// Prepare has nothing to make; the first call reports one step.
func (p *Provider) Prepare(ctx context.Context, progress func(desktops.Progress)) error {
	unlock, err := p.enter(ctx, Prepare)
	if err != nil {
		return err
	}
	defer unlock()
	if !p.world.prepared && progress != nil {
		progress(desktops.Progress{Step: "nothing to prepare", Percent: 100})
	}
	p.world.prepared = true
	return nil
}

// enter waits while op is held, takes the fault that is due, and locks the
// world. A call with a fault changes nothing.
func (p *Provider) enter(ctx context.Context, op Op) (unlock func(), err error) {
	w := p.world
	w.mu.Lock()
	for gate := w.holds[op]; gate != nil; gate = w.holds[op] {
		w.mu.Unlock()
		select {
		case <-gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		w.mu.Lock()
	}
	if err := ctx.Err(); err != nil {
		w.mu.Unlock()
		return nil, err
	}
	due := -1
	for i := range w.faults[op] {
		if w.faults[op][i].after == 0 && due < 0 {
			due = i
			continue
		}
		w.faults[op][i].after--
	}
	if due >= 0 {
		err := w.faults[op][due].err
		w.faults[op] = slices.Delete(w.faults[op], due, due+1)
		w.mu.Unlock()
		return nil, err
	}
	return w.mu.Unlock, nil
}

// find is enter for a desktop that must be there.
func (p *Provider) find(ctx context.Context, op Op, id string) (d *desktop, unlock func(), err error) {
	unlock, err = p.enter(ctx, op)
	if err != nil {
		return nil, nil, fmt.Errorf("%s desktop %s: %w", strings.ToLower(string(op)), id, err)
	}
	d, ok := p.world.desktops[id]
	if !ok {
		unlock()
		return nil, nil, fmt.Errorf("%s desktop %s: %w", strings.ToLower(string(op)), id, desktops.ErrNotFound)
	}
	return d, unlock, nil
}

// Create makes a desktop, or starts the one that is there.
func (p *Provider) Create(ctx context.Context, spec desktops.Spec) (desktops.Desktop, error) {
	unlock, err := p.enter(ctx, Create)
	if err != nil {
		return desktops.Desktop{}, fmt.Errorf("create desktop %s: %w", spec.ID, err)
	}
	defer unlock()
	d, ok := p.world.desktops[spec.ID]
	if !ok {
		if d, err = p.world.make(spec); err != nil {
			return desktops.Desktop{}, err
		}
	}
	if d.now.State != desktops.Running {
		p.world.start(d)
	}
	return d.now, nil
}

// Start starts a desktop that is stopped or sick.
func (p *Provider) Start(ctx context.Context, id string) (desktops.Desktop, error) {
	d, unlock, err := p.find(ctx, Start, id)
	if err != nil {
		return desktops.Desktop{}, err
	}
	defer unlock()
	if d.now.State != desktops.Running {
		p.world.start(d)
	}
	return d.now, nil
}

// Stop stops a desktop.
func (p *Provider) Stop(ctx context.Context, id string) error {
	d, unlock, err := p.find(ctx, Stop, id)
	if err != nil {
		return err
	}
	defer unlock()
	p.world.stop(d)
	return nil
}

// Rebuild makes the root volume anew and starts the desktop.
func (p *Provider) Rebuild(ctx context.Context, id, image string) (desktops.Desktop, error) {
	d, unlock, err := p.find(ctx, Rebuild, id)
	if err != nil {
		return desktops.Desktop{}, err
	}
	defer unlock()
	if image == "" {
		image = d.spec.Image
	}
	root, err := p.world.rootOf(image)
	if err != nil && image != d.spec.Image { // what it was made of stays while it does
		return desktops.Desktop{}, fmt.Errorf("rebuild desktop %s: %w", id, err)
	}
	p.world.stop(d)
	d.spec.Image, d.root = image, root
	p.world.start(d)
	return d.now, nil
}

// Destroy removes a desktop; an unknown one is no error.
func (p *Provider) Destroy(ctx context.Context, id string) error {
	unlock, err := p.enter(ctx, Destroy)
	if err != nil {
		return fmt.Errorf("destroy desktop %s: %w", id, err)
	}
	defer unlock()
	if d, ok := p.world.desktops[id]; ok {
		p.world.halt(d)
		delete(p.world.desktops, id)
		p.world.forget(d.spec.Image)
	}
	return nil
}

// Inspect reports a desktop.
func (p *Provider) Inspect(_ context.Context, id string) (desktops.Desktop, error) {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	d, ok := p.world.desktops[id]
	if !ok {
		return desktops.Desktop{}, fmt.Errorf("inspect desktop %s: %w", id, desktops.ErrNotFound)
	}
	return d.now, nil
}

// List reports all desktops in the order of their ids.
func (p *Provider) List(context.Context) ([]desktops.Desktop, error) {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	var all []desktops.Desktop
	for _, d := range p.world.desktops {
		all = append(all, d.now)
	}
	slices.SortFunc(all, func(a, b desktops.Desktop) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}

// DialDisplay opens a stream to a small RFB server that shows one colour.
func (p *Provider) DialDisplay(ctx context.Context, id string) (net.Conn, error) {
	d, unlock, err := p.find(ctx, DialDisplay, id)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if d.now.State != desktops.Running {
		return nil, fmt.Errorf("dial the display of %s: the desktop is %s", id, d.now.State)
	}
	near, far := net.Pipe()
	d.streams[far] = struct{}{}
	go func() {
		defer far.Close()
		_ = serve(far, d.spec.ComputerName) // the viewer went, or the desktop ended
		p.world.mu.Lock()
		defer p.world.mu.Unlock()
		delete(d.streams, far)
	}()
	return near, nil
}

// Watch tells of desktops that changed unasked.
func (p *Provider) Watch(ctx context.Context, events chan<- desktops.Event) error {
	w := p.world
	bell := make(chan struct{}, 1)
	w.mu.Lock()
	w.watchers[bell] = struct{}{}
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.watchers, bell)
	}()
	told := 0 // the last change that was told
	for {
		for _, e := range w.standing(&told) {
			select {
			case events <- e:
			case <-ctx.Done():
				return nil
			}
		}
		select {
		case <-bell:
		case <-ctx.Done():
			return nil
		}
	}
}

// standing returns, oldest first, the changes after told that still stand, and
// moves told behind them.
func (w *World) standing(told *int) []desktops.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	var changed []*desktop
	for _, d := range w.desktops {
		if d.cause != "" && d.change > *told {
			changed = append(changed, d)
		}
	}
	slices.SortFunc(changed, func(a, b *desktop) int { return a.change - b.change })
	out := make([]desktops.Event, len(changed))
	for i, d := range changed {
		out[i] = desktops.Event{ID: d.now.ID, State: d.now.State, Cause: d.cause}
		*told = d.change
	}
	return out
}
