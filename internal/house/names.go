package house

import (
	"context"
	"fmt"
	"net"
	"net/netip"

	"tamachi/internal/nodes/resolver"
)

// openNames takes the address of the plane's own name server, where one is
// wanted. All names of the domain lead to that machine's address.
func (h *House) openNames(ctx context.Context) (err error) {
	if h.o.Config.DNS == "" {
		return nil
	}
	if h.names.udp, err = new(net.ListenConfig).ListenPacket(ctx, "udp", h.o.Config.DNS); err == nil {
		h.names.tcp, err = new(net.ListenConfig).Listen(ctx, "tcp", h.names.udp.LocalAddr().String())
	}
	if err != nil {
		return fmt.Errorf("%w: answer names at %s: %w; stop what uses it, or choose another address with --dns", ErrCannotStart, h.o.Config.DNS, err)
	}
	return nil
}

// names are the sockets of the name server; nil without one.
type names struct {
	udp net.PacketConn
	tcp net.Listener
}

// serveNames answers questions until ctx ends.
func (h *House) serveNames(ctx context.Context) error {
	own, err := netip.ParseAddrPort(h.o.Config.DNS)
	if err != nil {
		return err
	}
	return resolver.New(h.o.Config.Domain, []netip.Addr{own.Addr().Unmap()}, h.o.Clock, h.o.Log).Serve(ctx, h.names.udp, h.names.tcp)
}

func (n names) close() {
	if n.udp != nil {
		n.udp.Close()
	}
	if n.tcp != nil {
		n.tcp.Close()
	}
}
