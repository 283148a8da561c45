package house

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"

	"tamachi/internal/aws/wire"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local"
)

// openDesktops takes the provider that the options give, or opens the local
// one over the data folder, and the address at which its desktops reach the
// plane.
func (h *House) openDesktops(ctx context.Context) error {
	if h.o.Desktops != nil {
		h.desktops = h.o.Desktops
		return nil
	}
	p, err := local.Open(ctx, local.Options{
		Dir: filepath.Join(h.o.Config.Data, "desktops"), CacheDir: h.o.Config.ImageCache,
		Images: []string{h.o.Config.Image}, PlanePort: h.me.BridgePort, Outbound: h.o.Config.OutboundRanges(),
		Clock: h.o.Clock, IDs: h.o.IDs, Logger: h.o.Log,
	})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCannotStart, err)
	}
	h.desktops = p
	return h.listenOnBridge(ctx, p)
}

// listenOnBridge opens the plane's address on the desktops' bridge, TLS only.
func (h *House) listenOnBridge(ctx context.Context, p *local.Provider) error {
	addr := p.PlaneAddr()
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
	h.bridge = tls.NewListener(l, h.ca.TLS())
	return nil
}

// node is how the agent of a desktop finds the plane.
func (h *House) node() desktops.Node {
	return desktops.Node{Domain: h.o.Config.Domain, Port: h.me.BridgePort, CA: h.ca.PEM()}
}

// serveBridge answers the desktops.
func (h *House) serveBridge(ctx context.Context) error {
	return wire.Serve(ctx, h.bridge, h.door, h.o.Log)
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
