package fabric

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"tamachi/internal/netpath"
)

// beyond stands for the router at the other end of a pair of interfaces: routes
// lead to it, so that the kernel keeps one neighbour and not one an address.
var beyond = netip.MustParseAddr("169.254.0.1")

// portTo is the name of both interfaces of a peering connection.
func portTo(peering string) string { return "p" + peering[max(0, len(peering)-13):] }

// pairsOf are the connections of a world: between two networks, and between a
// network and a transit gateway.
func pairsOf(w netpath.World) []netpath.Peering {
	out := slices.Clone(w.Peerings)
	for _, t := range w.Transits {
		for _, a := range t.Attachments {
			out = append(out, netpath.Peering{ID: a.ID, A: a.Network, B: t.ID, Active: true})
		}
	}
	return out
}

// join joins the networks of the active connections and parts the others.
func (f *Fabric) join(all []netpath.Peering) error {
	wanted := map[string]map[string]bool{}
	for id := range f.spaces {
		wanted[id] = map[string]bool{}
	}
	var errs []error
	for _, p := range all {
		a, b := f.spaces[p.A], f.spaces[p.B]
		if !p.Active || a == nil || b == nil || a == b || !peeringPort.MatchString(portTo(p.ID)) {
			continue
		}
		wanted[a.id][portTo(p.ID)], wanted[b.id][portTo(p.ID)] = true, true
		errs = append(errs, pair(a, b, p.ID))
	}
	for id, s := range f.spaces {
		errs = append(errs, s.sweep(peeringPort, wanted[id]))
	}
	return errors.Join(errs...)
}

// pair joins two namespaces by a pair of interfaces.
func pair(a, b *space, id string) error {
	name := portTo(id)
	near, err := a.link.LinkByName(name)
	if far, no := b.link.LinkByName(name); err == nil && no == nil && near.Attrs().Alias == id && far.Attrs().Alias == id {
		return nil
	}
	if err := errors.Join(a.remove(name), b.remove(name)); err != nil {
		return err
	}
	mac := hardware(id)
	attrs := netlink.NewLinkAttrs()
	attrs.Name, attrs.HardwareAddr = name, mac
	if err := a.link.LinkAdd(&netlink.Veth{LinkAttrs: attrs, PeerName: name, PeerNamespace: netlink.NsFd(b.ns), PeerHardwareAddr: mac}); err != nil {
		return fmt.Errorf("join networks %s and %s: %w", a.id, b.id, err)
	}
	for _, s := range []*space{a, b} {
		if err := s.trust(name, id); err != nil {
			return errors.Join(fmt.Errorf("join networks %s and %s: %w", a.id, b.id, err), a.remove(name))
		}
	}
	return nil
}

// trust sets up one end of a pair between our own namespaces. Addresses from
// there were looked at where they come from.
func (s *space) trust(name, alias string) error {
	link, err := s.link.LinkByName(name)
	if err != nil {
		return err
	}
	if err := s.inside(func() error { return settle(name, map[string]string{"ipv4/conf/" + name + "/rp_filter": "0"}) }); err != nil {
		return err
	}
	if err := s.link.LinkSetARPOff(link); err != nil {
		return err
	}
	at := &netlink.Neigh{LinkIndex: link.Attrs().Index, Family: unix.AF_INET, State: netlink.NUD_PERMANENT, IP: beyond.AsSlice(), HardwareAddr: link.Attrs().HardwareAddr}
	if err := s.link.LinkSetUp(link); err != nil {
		return err
	}
	if err := s.link.NeighSet(at); err != nil {
		return err
	}
	return s.link.LinkSetAlias(link, alias)
}
