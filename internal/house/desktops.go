package house

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"strconv"

	"tamachi/internal/agent"
	"tamachi/internal/aws/wire"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/incus"
	"tamachi/internal/desktops/local"
	"tamachi/internal/desktops/local/setup"
	"tamachi/internal/house/small"
)

// openDesktops takes the provider that the options give, or opens the one that
// the configuration names over the data folder, and the address at which its desktops reach the
// plane.
func (h *House) openDesktops(ctx context.Context) error {
	if h.o.Desktops != nil {
		h.desktops = h.o.Desktops
		return nil
	}
	p, err := h.o.openProvider(ctx, h.o.Config.Desktops, h.me.BridgePort)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCannotStart, err)
	}
	h.desktops = p
	if h.o.Config.IncusPlane != "" && h.o.Config.Desktops == "incus" {
		return h.ca.Permit(p.PlaneAddr()) // where the plane listens anyway
	}
	return h.listenOnBridge(ctx, p.PlaneAddr())
}

// provider is what the house asks of a provider of its own beside desktops.
type provider interface {
	desktops.Provider
	// PlaneAddr is where desktops reach the plane.
	PlaneAddr() netip.Addr
	// Purge destroys all desktops and what was made for them.
	Purge(ctx context.Context) error
	Close() error
}

// openProvider opens a provider by its name over the data folder.
func (o Options) openProvider(ctx context.Context, name string, port int) (provider, error) {
	c := o.Config
	exe := o.Exe
	if exe == "" {
		var err error
		exe, err = small.Place(ctx, filepath.Join(c.Data, "program"), agent.Version)
		switch {
		case errors.Is(err, small.ErrAbsent):
			o.Log.Debug("desktops run the whole program", "err", err)
		case err != nil:
			o.Log.Warn("desktops run the whole program", "err", err)
		}
	}
	base := setup.Base{
		Exe: exe, Dir: filepath.Join(c.Data, "desktops"), CacheDir: c.ImageCache, Images: []string{c.Image},
		PlanePort: port, Clock: o.Clock, IDs: o.IDs, Logger: o.Log,
	}
	if name != "incus" {
		return local.Open(ctx, local.Options{Base: base, Outbound: c.OutboundRanges()})
	}
	base.Dir = incusFolder(c.Data)
	plane, _ := netip.ParseAddr(c.IncusPlane) // Validate has looked at it
	return incus.Open(ctx, incus.Options{Base: base, Server: c.Incus, Keys: c.IncusKeys, Pool: c.IncusPool, Plane: plane})
}

func incusFolder(data string) string { return filepath.Join(data, "incus") }

// listenOnBridge opens the plane's address on the desktops' bridge, TLS only.
func (h *House) listenOnBridge(ctx context.Context, addr netip.Addr) error {
	if !addr.IsValid() {
		return nil
	}
	if err := h.ca.Permit(addr); err != nil {
		return err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(addr.String(), strconv.Itoa(h.me.BridgePort)))
	if err != nil {
		return fmt.Errorf("%w: listen on the desktops' bridge: %w", ErrCannotStart, err)
	}
	h.bridge = l
	return nil
}

// node is how the agent of a desktop finds the plane.
func (h *House) node() desktops.Node {
	return desktops.Node{Domain: h.o.Config.Domain, Port: h.me.BridgePort, CA: h.ca.PEM()}
}

// serveBridge answers the desktops.
func (h *House) serveBridge(ctx context.Context) error {
	return wire.Serve(ctx, wire.SplitTLS(h.bridge, h.ca.TLS(), h.rooms.directories.server), h.door, h.o.Log)
}

// prepareDesktops makes the desktops' image while the API answers already. A
// failure is told to operators here and to callers when they want a desktop.
func (h *House) prepareDesktops(ctx context.Context) error {
	last := desktops.Progress{Percent: -1}
	err := h.desktops.Prepare(ctx, func(p desktops.Progress) {
		if p != last {
			h.o.Log.Info("desktop image", "action", p.Step, "resource", strconv.Itoa(p.Percent)+"%")
		}
		last = p
		h.image.Store(&p)
	})
	h.image.Store(nil)
	if err != nil && !errors.Is(err, context.Canceled) && ctx.Err() == nil {
		h.o.Log.Error("desktop image not ready", "err", err)
	}
	return nil
}
