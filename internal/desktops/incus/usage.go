package incus

import (
	"context"
	"time"

	"tamachi/internal/desktops"
)

// usage asks the server, which keeps count of both volumes and the instance.
func (p *Provider) usage(ctx context.Context, id string) (desktops.Usage, error) {
	if err := checkID(id); err != nil {
		return desktops.Usage{}, err
	}
	rec, err := p.record(ctx, id)
	if err != nil {
		return desktops.Usage{}, err
	}
	in, _, err := p.instance(ctx, id)
	if err != nil {
		return desktops.Usage{}, err
	}
	var home struct {
		Usage struct {
			Used int64 `json:"used"`
		} `json:"usage"`
	}
	if err := p.server.get(ctx, p.volumes(userVolume(id), "state"), nil, &home); err != nil {
		return desktops.Usage{}, err
	}
	u := desktops.Usage{
		At: p.options.Clock.Now().UTC(), CPUs: rec.Spec.CPUs, MemoryLimit: int64(rec.Spec.MemoryMiB) << 20,
		Root: desktops.Volume{Size: int64(rec.Spec.RootGiB) << 30}, User: desktops.Volume{Size: int64(rec.Spec.UserGiB) << 30, Used: home.Usage.Used},
	}
	if in.State == nil {
		return u, nil
	}
	u.Root.Used = in.State.Disk["root"].Usage
	if in.running() {
		u.StartedAt, u.CPU, u.MemoryBytes = in.LastUsedAt.UTC(), time.Duration(in.State.CPU.Usage), in.State.Memory.Usage
	}
	return u, nil
}
