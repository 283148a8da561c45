package house

import (
	"context"
	"net/netip"

	"tamachi/internal/aws/services/ec2"
	"tamachi/internal/desktops"
	"tamachi/internal/engine/network"
	"tamachi/internal/engine/provision"
	"tamachi/internal/store"
)

var _ provision.Networks = (*seats)(nil)

// seats are the places of desktops in the room of networks.
type seats struct{ networks *ec2.Service }

// Seat gives a desktop its address.
func (s seats) Seat(ctx context.Context, job desktops.Job) (netip.Addr, error) {
	return s.networks.Seat(ctx, store.In(job.Account, job.Region), job.Subnet, job.ID, job.Groups)
}

// Vacate takes it back.
func (s seats) Vacate(ctx context.Context, job desktops.Job) error {
	return s.networks.Vacate(ctx, store.In(job.Account, job.Region), job.ID)
}

// arranger makes the engine of networks.
func (h *House) arranger() *network.Engine {
	return network.New(h.store, h.bell, network.Options{
		Room: h.rooms.ec2, Tables: ec2.Watched(), Provider: h.desktops, Log: h.o.Log,
	})
}
