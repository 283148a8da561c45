package incus

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"tamachi/internal/desktops"
)

// Purge destroys all desktops and removes the bridge, the project and what
// this provider keeps in its folder. Images of variants stay on the server. The
// provider is of no use afterwards.
func (p *Provider) Purge(ctx context.Context) error {
	recs, err := p.records(ctx)
	if err != nil {
		return err
	}
	for _, rec := range recs {
		if err := p.Destroy(ctx, rec.Spec.ID); err != nil {
			return err
		}
	}
	all, err := p.instances(ctx)
	if err != nil {
		return err
	}
	for _, in := range all { // captured images
		if in.running() {
			return fmt.Errorf("instance %s runs in project %s and is none of ours: stop it first", in.Name, p.server.project)
		}
		if err := p.remove(ctx, in.Name); err != nil {
			return err
		}
	}
	for _, at := range []string{path("networks", p.name), path("network-acls", p.name), path("projects", p.server.project)} {
		err := p.server.bridge(ctx, http.MethodDelete, at, nil)
		if err != nil && !errors.Is(err, desktops.ErrNotFound) {
			return err
		}
	}
	if err := os.Remove(filepath.Join(p.options.Dir, settingsFile)); err != nil {
		return err
	}
	_ = os.Remove(p.options.Dir) // others may keep something there
	return nil
}
