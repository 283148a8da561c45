package fake

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"tamachi/internal/desktops"
)

// Keep copies both volumes.
func (p *Provider) Keep(ctx context.Context, id string) (desktops.Desktop, error) {
	d, unlock, err := p.find(ctx, Keep, id)
	if err != nil {
		return desktops.Desktop{}, err
	}
	defer unlock()
	d.kept = &volumes{root: maps.Clone(d.root), user: maps.Clone(d.user)}
	d.now.KeptAt = p.world.clock.Now()
	return d.now, nil
}

// Restore puts both volumes back to the kept copy and starts the desktop.
func (p *Provider) Restore(ctx context.Context, id string) (desktops.Desktop, error) {
	d, unlock, err := p.find(ctx, Restore, id)
	if err != nil {
		return desktops.Desktop{}, err
	}
	defer unlock()
	if d.kept == nil {
		return desktops.Desktop{}, fmt.Errorf("restore desktop %s: %w", id, desktops.ErrNotKept)
	}
	p.world.stop(d)
	d.root, d.user = maps.Clone(d.kept.root), maps.Clone(d.kept.user)
	p.world.start(d)
	return d.now, nil
}

// Capture makes an image of the root volume.
func (p *Provider) Capture(ctx context.Context, id, name string) error {
	d, unlock, err := p.find(ctx, Capture, id)
	if err != nil {
		return err
	}
	defer unlock()
	if !captured(name) {
		return fmt.Errorf("capture desktop %s: %q is no id of an image", id, name)
	}
	if _, ok := p.world.images[name]; !ok {
		p.world.images[name] = image{root: maps.Clone(d.root)}
	}
	return nil
}

// Discard gives an image up.
func (p *Provider) Discard(ctx context.Context, name string) error {
	unlock, err := p.enter(ctx, Discard)
	if err != nil {
		return fmt.Errorf("discard image %s: %w", name, err)
	}
	defer unlock()
	if i, ok := p.world.images[name]; ok {
		i.discarded = true
		p.world.images[name] = i
		p.world.forget(name)
	}
	return nil
}

// Resize gives a desktop new limits.
func (p *Provider) Resize(ctx context.Context, id string, size desktops.Size) (desktops.Desktop, error) {
	d, unlock, err := p.find(ctx, Resize, id)
	if err != nil {
		return desktops.Desktop{}, err
	}
	defer unlock()
	spec, err := d.spec.Resized(size)
	if err != nil {
		return desktops.Desktop{}, fmt.Errorf("resize desktop %s: %w", id, err)
	}
	p.world.spend(d) // what it used so far was under the old limit
	d.spec = spec
	return d.now, nil
}

// Usage counts the bytes of the files, and the processor time of Load.
func (p *Provider) Usage(_ context.Context, id string) (desktops.Usage, error) {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	d, ok := p.world.desktops[id]
	if !ok {
		return desktops.Usage{}, fmt.Errorf("usage of desktop %s: %w", id, desktops.ErrNotFound)
	}
	p.world.spend(d)
	u := desktops.Usage{
		At: p.world.clock.Now(), CPU: d.spent, CPUs: d.spec.CPUs, MemoryLimit: int64(d.spec.MemoryMiB) << 20,
		Root: desktops.Volume{Used: bytesOf(d.root), Size: int64(d.spec.RootGiB) << 30},
		User: desktops.Volume{Used: bytesOf(d.user), Size: int64(d.spec.UserGiB) << 30},
	}
	if d.now.State != desktops.Stopped {
		u.StartedAt, u.OutOfMemory = d.now.StartedAt, d.killed
	}
	return u, nil
}

func bytesOf(files map[string]string) (n int64) {
	for _, content := range files {
		n += int64(len(content))
	}
	return n
}

// captured tells whether a name is that of a captured image, not of a variant.
func captured(name string) bool { return strings.HasPrefix(name, "wsi-") }

// rootOf is a fresh root volume of an image; mu is held.
func (w *World) rootOf(name string) (map[string]string, error) {
	if !captured(name) {
		return map[string]string{}, nil
	}
	i, ok := w.images[name]
	if !ok || i.discarded {
		return maps.Clone(i.root), fmt.Errorf("image %s: %w", name, desktops.ErrNoImage)
	}
	return maps.Clone(i.root), nil
}

// forget removes a discarded image when no desktop is made of it; mu is held.
func (w *World) forget(name string) {
	for _, d := range w.desktops {
		if d.spec.Image == name {
			return
		}
	}
	if w.images[name].discarded {
		delete(w.images, name)
	}
}
