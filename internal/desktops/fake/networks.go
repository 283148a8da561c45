package fake

import (
	"context"
	"fmt"
	"slices"

	"tamachi/internal/desktops"
	"tamachi/internal/netpath"
)

// Arrange notes what the networks are.
func (p *Provider) Arrange(ctx context.Context, n desktops.Networks) error {
	unlock, err := p.enter(ctx, Arrange)
	if err != nil {
		return fmt.Errorf("arrange networks: %w", err)
	}
	defer unlock()
	p.world.networks = n
	return nil
}

// Networks are the networks as they were arranged last.
func (w *World) Networks() desktops.Networks {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.networks
}

// Reaches tells whether a TCP connection from one running desktop to a port of
// another would be made.
func (w *World) Reaches(from, to string, port int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	near, far := w.end(from), w.end(to)
	if !near.Address.IsValid() || !far.Address.IsValid() {
		return false
	}
	_, broken := netpath.Find(&w.networks.World, netpath.Packet{From: near, To: far, Protocol: netpath.TCP, Port: port}).Broken()
	return !broken
}

// end is the seat of a running desktop; mu is held.
func (w *World) end(id string) netpath.End {
	d, ok := w.desktops[id]
	i := slices.IndexFunc(w.networks.Seats, func(s desktops.Seat) bool { return s.Desktop == id })
	if !ok || i < 0 || d.now.State != desktops.Running {
		return netpath.End{}
	}
	return netpath.End{Address: w.networks.Seats[i].Addr, Groups: w.networks.Seats[i].Groups}
}
