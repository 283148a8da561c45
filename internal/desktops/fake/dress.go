package fake

import (
	"context"
	"fmt"

	"tamachi/internal/desktops"
)

var _ desktops.Dresser = (*Provider)(nil)

// Dress keeps the guise; nothing is carried out, but told as if it were where
// the desktop runs.
func (p *Provider) Dress(ctx context.Context, id string, g desktops.Guise) error {
	d, unlock, err := p.find(ctx, Dress, id)
	if err != nil {
		return err
	}
	defer unlock()
	d.spec.Guise = g
	return nil
}

// Worn tells the guise.
func (p *Provider) Worn(ctx context.Context, id string) (desktops.Worn, error) {
	d, unlock, err := p.find(ctx, Dress, id)
	if err != nil {
		return desktops.Worn{}, err
	}
	defer unlock()
	if d.now.State != desktops.Running {
		return desktops.Worn{}, fmt.Errorf("look at desktop %s: %w", id, desktops.ErrNotFound)
	}
	w := desktops.Worn{At: p.world.clock.Now(), Groups: d.spec.Guise.Groups, Settings: map[string]desktops.Effect{}}
	for setting := range d.spec.Guise.By {
		w.Settings[setting] = desktops.Effect{State: desktops.Carried}
	}
	if d.spec.Guise.Administrator {
		w.Settings[desktops.Administering] = desktops.Effect{State: desktops.Carried}
	}
	return w, nil
}
