package local

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/netip"

	"github.com/vishvananda/netns"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/cgroup"
	"tamachi/internal/desktops/local/fabric"
	"tamachi/internal/desktops/local/image"
	"tamachi/internal/desktops/local/inside"
	"tamachi/internal/desktops/local/network"
)

// isolated is the ground of namespaces, cgroups, images and a bridge.
type isolated struct {
	options Options
	images  image.Store
	net     *network.Network
	fabric  *fabric.Fabric
	all     cgroup.Group // parent of the desktops' groups
}

var _ ground = (*isolated)(nil)

// isolate raises the bridge of the folder.
func isolate(o Options, set settings) (*isolated, error) {
	layout, err := cgroup.Detect()
	if err != nil {
		return nil, fmt.Errorf("local desktops: %w", err)
	}
	n, err := o.raise(set)
	if err != nil {
		return nil, err
	}
	nets, err := weave(o, n)
	if err != nil {
		return nil, err
	}
	return &isolated{
		options: o, net: n, fabric: nets, all: layout.Group(n.Name()),
		images: image.Store{Dir: o.CacheDir, Mirror: o.Mirror, Exe: o.Exe},
	}, nil
}

// raise raises the folder's bridge. A machine may come into a network that has
// its range (another office, a VPN): while no desktop runs it gets another one.
func (o Options) raise(set settings) (*network.Network, error) {
	n, err := set.network()
	if err != nil {
		return nil, err
	}
	taken := n.Raise(o.PlanePort)
	if !errors.Is(taken, network.ErrTaken) {
		return n, taken
	}
	idle, err := n.Idle()
	if err != nil {
		return nil, err
	}
	if !idle {
		return nil, fmt.Errorf("%w; desktops run in it: remove that, or restart this machine, after which the desktops get another range", taken)
	}
	if err := n.Lower(); err != nil {
		return nil, err
	}
	if set, err = o.assign(set); err != nil {
		return nil, err
	}
	if n, err = set.network(); err != nil {
		return nil, err
	}
	return n, n.Raise(o.PlanePort)
}

// network names the folder's bridge.
func (s settings) network() (*network.Network, error) {
	prefix, err := netip.ParsePrefix(s.Prefix)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", settingsFile, err)
	}
	return network.New(s.ID, prefix)
}

// weave opens the customer's networks, with a way out where the options give one.
func weave(o Options, n *network.Network) (*fabric.Fabric, error) {
	f := fabric.New(n.Name())
	if len(o.Outbound) == 0 {
		return f, f.Shut()
	}
	host, err := netns.Get()
	if err != nil {
		return nil, err
	}
	defer host.Close()
	return f, f.Through(fabric.Uplink{Host: host, Pool: n.Prefix(), Ranges: o.Outbound})
}

func (g *isolated) about() desktops.About {
	return desktops.About{Name: "local", Isolated: true}
}

func (g *isolated) plane() netip.Addr { return g.net.Plane() }
func (g *isolated) step() string      { return "stage" }

func (g *isolated) addr(lease int) netip.Addr {
	addr, _ := g.net.Addr(lease) // leases are in range when they are taken
	return addr
}

func (g *isolated) owner(lease int) int { return firstIDOf(g.net.Name(), lease) }

func (g *isolated) prepare(ctx context.Context, progress func(desktops.Progress)) error {
	for _, variant := range g.options.Images {
		name, err := g.images.Ensure(ctx, variant, progress)
		if err != nil {
			return err
		}
		if progress != nil {
			progress(desktops.Progress{Step: "image " + name + " is there", Percent: 100})
		}
	}
	return nil
}

func (g *isolated) image(ctx context.Context, variant string) (string, error) {
	return g.images.Ensure(ctx, variant, nil)
}

func (g *isolated) roots(name string) ([]string, error) {
	return g.options.layersOf(name, g.images.Path)
}

// processes is how many processes and threads a desktop may have.
const processes = 4096

func (g *isolated) limit(rec record) ([]string, error) {
	group := g.all.Child(rec.Spec.ID)
	return group.Doors(), group.Make(cgroup.Limits{
		CPUs: rec.Spec.CPUs, MemoryBytes: int64(rec.Spec.MemoryMiB) << 20, Processes: processes,
	})
}

func (g *isolated) connect(id string, lease, pid int) error {
	if err := g.net.Plug(lease, pid); err != nil {
		return err
	}
	return g.fabric.Seat(id, fabric.Machine{Lease: lease, PID: pid})
}

func (g *isolated) arrange(n desktops.Networks, running func() map[string]fabric.Machine) error {
	return g.fabric.Arrange(n, running)
}

func (g *isolated) close() { g.fabric.Close() }

func (g *isolated) clear(ctx context.Context, id string, lease int) error {
	group := g.all.Child(id)
	if err := group.Kill(ctx); err != nil {
		return err
	}
	return errors.Join(group.Remove(), g.net.Unplug(lease), g.fabric.Unseat(lease))
}

func (g *isolated) freeze(ctx context.Context, id string) (func() error, error) {
	group := g.all.Child(id)
	return group.Thaw, group.Freeze(ctx)
}

func (g *isolated) thaw(id string) error { return g.all.Child(id).Thaw() }

func (g *isolated) count(id string, u *desktops.Usage) (err error) {
	group := g.all.Child(id)
	if u.CPU, err = group.CPUTime(); err != nil {
		return err
	}
	if u.MemoryBytes, err = group.MemoryBytes(); err != nil {
		return err
	}
	u.OutOfMemory, err = group.OOMKills()
	return err
}

func (g *isolated) strays(ctx context.Context, _ map[string]int, runs func(string) bool) error {
	names, err := g.all.Children()
	if err != nil {
		return err
	}
	for _, name := range names {
		if runs(name) {
			continue
		}
		group := g.all.Child(name)
		if err := group.Kill(ctx); err != nil {
			return err
		}
		if err := group.Remove(); err != nil {
			return err
		}
	}
	return nil
}

func (g *isolated) group(id string) string { return g.all.Child(id).Path() }

func (g *isolated) cause(id string) string {
	if n, err := g.all.Child(id).OOMKills(); err == nil && n > 0 {
		return fmt.Sprintf(" (its memory limit was reached %d times)", n)
	}
	return ""
}

func (g *isolated) lower() error {
	return errors.Join(g.fabric.Lower(), g.net.Lower(), g.all.Remove())
}

// The ids of desktops. A data folder begins somewhere of its own among the
// ranges, so that two planes on one machine rarely share one.
const (
	firstID  = 1_000_000
	ranges   = (1<<32 - firstID) / inside.Ids
	windows  = 64
	inWindow = ranges / windows
)

// firstIDOf is the first of the 65,536 ids of a lease.
func firstIDOf(folder string, lease int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(folder))
	window := int(h.Sum32() % windows)
	return firstID + (window*inWindow+lease)%ranges*inside.Ids
}
