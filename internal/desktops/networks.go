package desktops

import (
	"context"
	"net/netip"

	"tamachi/internal/netpath"
)

// Arranger is the part of a provider that gives desktops a place in their
// customer's networks.
type Arranger interface {
	// Arrange makes the networks what n says, whole: what it does not name any
	// more is taken away. When it returns it holds, but that a connection that
	// a security group let in goes on (VPC User Guide, "Security group
	// connection tracking"). Desktops that start later get their places by
	// themselves. Where it fails, some of it may hold; it is called again. n is
	// the provider's from then on.
	Arrange(ctx context.Context, n Networks) error
}

// Networks are the networks in which desktops have places, with those that
// these are joined to, and what decides there what passes.
type Networks struct {
	World netpath.World
	Seats []Seat
}

// Seat is the place of a desktop in a subnet of the world.
type Seat struct {
	Desktop string // ws-...
	Network string // vpc-...
	Subnet  string // subnet-...
	Addr    netip.Addr
	Groups  []string // the security groups of its interface
}

// Nets is the capability of Arrange: a provider without it leaves desktops
// where they reach the plane alone.
const Nets Capability = "networks"
