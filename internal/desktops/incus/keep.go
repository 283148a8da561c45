package incus

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"tamachi/internal/desktops"
)

// Keep copies both volumes while nothing in the desktop moves.
func (p *Provider) Keep(ctx context.Context, id string) (desktops.Desktop, error) {
	err := p.with(ctx, id, func(rec record) error { return p.keep(ctx, rec) })
	if err != nil {
		return desktops.Desktop{}, fmt.Errorf("copy desktop %s: %w", id, err)
	}
	return p.Inspect(ctx, id)
}

func (p *Provider) keep(ctx context.Context, rec record) error {
	in, err := p.settled(ctx, rec)
	if err != nil {
		return err
	}
	rec.Copies++
	if err := p.save(ctx, rec, nil); err != nil { // before it is made, so that it is found when we are cut short
		return err
	}
	name := copyName(rec.Copies)
	made := kept{At: p.options.Clock.Now().UTC(), Name: name, Image: rec.Image}
	err = p.still(ctx, in, func() error {
		err := p.server.call(ctx, http.MethodPost, p.volumes(userVolume(rec.Spec.ID), "snapshots"), nil, map[string]any{"name": name}, nil)
		if err != nil {
			return err
		}
		return p.copyInstance(ctx, in.Name, copyOf(in.Name, rec.Copies), map[string]string{keyWanted: stopped})
	})
	if err != nil {
		return err
	}
	before := 1
	if rec.Kept != nil {
		before = number(rec.Kept.Name[1:])
	}
	rec.Kept = &made
	if err := p.save(ctx, rec, nil); err != nil {
		return err
	}
	for n := before; n < rec.Copies; n++ {
		if err := p.forget(ctx, rec.Spec.ID, n); err != nil {
			return err
		}
	}
	return nil
}

// settled is the instance of a desktop, made if a rebuild was cut short.
func (p *Provider) settled(ctx context.Context, rec record) (instance, error) {
	in, there, err := p.instance(ctx, rec.Spec.ID)
	if err != nil || there && number(in.Config[keyNumber]) == rec.Root.Number {
		return in, err
	}
	if err := p.stop(ctx, rec.Spec.ID); err != nil {
		return in, err
	}
	return p.remake(ctx, rec, there)
}

// forget removes the n-th copy of a desktop.
func (p *Provider) forget(ctx context.Context, id string, n int) error {
	if err := p.remove(ctx, copyOf(id, n)); err != nil {
		return err
	}
	err := p.server.call(ctx, http.MethodDelete, p.volumes(userVolume(id), "snapshots", copyName(n)), nil, nil, nil)
	if errors.Is(err, desktops.ErrNotFound) {
		return nil
	}
	return err
}

// still does something while nothing in the instance moves.
func (p *Provider) still(ctx context.Context, in instance, do func() error) (err error) {
	if in.running() {
		if err := p.state(ctx, in.Name, "freeze", false); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, p.state(context.WithoutCancel(ctx), in.Name, "unfreeze", false)) }()
	}
	return do()
}

// copyInstance copies a root volume: the copy has no other device.
func (p *Provider) copyInstance(ctx context.Context, from, to string, config map[string]string) error {
	none := map[string]string{"type": "none"}
	return p.server.call(ctx, http.MethodPost, path("instances"), nil, map[string]any{
		"name": to, "type": "container", "profiles": []string{}, "config": config,
		"devices": map[string]map[string]string{"home": none, "node": none, "eth0": none},
		"source":  map[string]any{"type": "copy", "source": from, "instance_only": true, "allow_inconsistent": true},
	}, nil)
}

// Restore puts both volumes back to the kept copy.
func (p *Provider) Restore(ctx context.Context, id string) (desktops.Desktop, error) {
	return p.change(ctx, "restore", id, known(func(rec record) (record, error) {
		if rec.Kept == nil {
			return rec, desktops.ErrNotKept
		}
		rec.Image = rec.Kept.Image
		rec.Root = root{Number: rec.Root.Number + 1, Copy: id + "-" + rec.Kept.Name, Home: rec.Kept.Name}
		return rec, p.save(ctx, rec, nil)
	}))
}

// Resize gives a desktop new limits: the root volume and what runs first,
// where the machine may refuse.
func (p *Provider) Resize(ctx context.Context, id string, size desktops.Size) (desktops.Desktop, error) {
	err := p.with(ctx, id, func(rec record) (err error) {
		if rec.Spec, err = rec.Spec.Resized(size); err != nil {
			return err
		}
		_, there, err := p.instance(ctx, id)
		if err != nil {
			return err
		}
		if there {
			err = p.server.call(ctx, http.MethodPatch, path("instances", id), nil, map[string]any{
				"config":  map[string]string{"limits.cpu.allowance": allowance(rec.Spec.CPUs), "limits.memory": strconv.Itoa(rec.Spec.MemoryMiB) + "MiB"},
				"devices": map[string]map[string]string{"root": p.devices(rec)["root"]},
			}, nil)
		}
		if err != nil {
			return err
		}
		return p.save(ctx, rec, map[string]string{"size": gib(rec.Spec.UserGiB)})
	})
	if err != nil {
		return desktops.Desktop{}, fmt.Errorf("resize desktop %s: %w", id, err)
	}
	return p.Inspect(ctx, id)
}

// Usage tells what a desktop uses.
func (p *Provider) Usage(ctx context.Context, id string) (desktops.Usage, error) {
	u, err := p.usage(ctx, id)
	if err != nil {
		return desktops.Usage{}, fmt.Errorf("usage of desktop %s: %w", id, err)
	}
	return u, nil
}
