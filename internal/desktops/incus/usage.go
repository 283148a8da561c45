package incus

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tamachi/internal/desktops"
)

// usage asks the server, which keeps count of both volumes and the instance.
// Who asks from minute to minute also keeps the volumes' limits in force.
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
	if err := p.recount(ctx); err != nil {
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
		u.OutOfMemory, err = p.killed(ctx, id)
	}
	return u, err
}

// killed is how many processes of a desktop were ended for want of memory since
// its start: only the server's metrics tell (Incus documentation, "Provided
// metrics"). It makes them at most every few seconds.
func (p *Provider) killed(ctx context.Context, id string) (int64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.server.address("/1.0/metrics", nil), nil)
	if err != nil {
		return 0, err
	}
	res, err := p.server.http.Do(r)
	if err != nil {
		return 0, fmt.Errorf("ask the Incus server for its metrics: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("ask the Incus server for its metrics: it answers %s", res.Status)
	}
	return killsOf(io.LimitReader(res.Body, largest), p.server.project, id)
}

// killsMetric counts processes ended for want of memory.
const killsMetric = "incus_memory_OOM_kills_total{"

// killsOf reads that of an instance out of the metrics of all (OpenMetrics,
// text format); a server that does not count has none.
func killsOf(metrics io.Reader, project, name string) (int64, error) {
	lines := bufio.NewScanner(metrics)
	for lines.Scan() {
		rest, ok := strings.CutPrefix(lines.Text(), killsMetric)
		if !ok || !strings.Contains(rest, `name="`+name+`"`) || !strings.Contains(rest, `project="`+project+`"`) {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(rest[strings.LastIndexByte(rest, '}')+1:]), 64)
		if err != nil || !(n >= 0 && n <= 1<<53) {
			return 0, fmt.Errorf("read the metrics of the Incus server: %q", rest)
		}
		return int64(n), nil
	}
	return 0, lines.Err()
}
