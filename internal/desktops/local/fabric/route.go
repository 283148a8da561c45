package fabric

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"tamachi/internal/desktops"
	"tamachi/internal/netpath"
)

// plan is what is wanted of a network.
type plan struct {
	network netpath.Network
	// numbers are those of the subnets: mark of their packets, and number of
	// their routing table above firstTable.
	numbers map[string]int
	seats   []desktops.Seat
	// members are the addresses of desktops by security group, here and in
	// joined networks.
	members map[string][]netip.Addr
	// attachments are those of the network, by transit gateway.
	attachments map[string]string
	// ports lead to the routing tables of a transit gateway, which are its
	// subnets here; nil for a network.
	ports map[string]string
}

const firstTable = 1000

// planOf is the plan of this network. Subnets keep their numbers.
func (s *space) planOf(n desktops.Networks) *plan {
	p := &plan{numbers: map[string]int{}, members: map[string][]netip.Addr{}, attachments: map[string]string{}}
	for _, t := range n.World.Transits {
		if t.ID == s.id {
			p.network, p.ports = passing(t)
		}
		for _, a := range t.Attachments {
			if a.Network == s.id {
				p.attachments[t.ID] = a.ID
			}
		}
	}
	if i := slices.IndexFunc(n.World.Networks, func(n netpath.Network) bool { return n.ID == s.id }); i >= 0 {
		p.network = n.World.Networks[i]
	}
	taken := map[int]bool{}
	for _, sub := range p.network.Subnets {
		if s.plan != nil && s.plan.numbers[sub.ID] > 0 {
			p.numbers[sub.ID] = s.plan.numbers[sub.ID]
			taken[p.numbers[sub.ID]] = true
		}
	}
	next := 1
	for _, sub := range p.network.Subnets {
		if p.numbers[sub.ID] > 0 {
			continue
		}
		for taken[next] {
			next++
		}
		p.numbers[sub.ID], taken[next] = next, true
	}
	for _, seat := range n.Seats {
		if seat.Network == s.id {
			p.seats = append(p.seats, seat)
		}
		for _, g := range seat.Groups {
			p.members[g] = append(p.members[g], seat.Addr)
		}
	}
	return p
}

// passing is a transit gateway as a network: its route tables are subnets, chosen
// by the port that a packet comes from.
func passing(t netpath.Transit) (netpath.Network, map[string]string) {
	n, ports := netpath.Network{ID: t.ID}, map[string]string{}
	for _, table := range t.Tables {
		n.Subnets = append(n.Subnets, netpath.Subnet{ID: table.ID, Routes: table.Routes})
	}
	for _, a := range t.Attachments {
		if a.Table != "" {
			ports[portTo(a.ID)] = a.Table
		}
	}
	return n, ports
}

// way is a route as it can be compared.
type way struct {
	table  int
	prefix netip.Prefix
	kind   int
	via    string // the port's name; "" for none
}

// ways are the routes that are wanted: those to the network's own addresses are
// in the main table, which the others leave to it.
func (p *plan) ways() map[way]bool {
	out := map[way]bool{}
	for _, sub := range p.network.Subnets {
		table := firstTable + p.numbers[sub.ID]
		for _, b := range p.network.Blocks {
			out[way{table, b.Masked(), unix.RTN_THROW, ""}] = true
		}
		for _, r := range sub.Routes {
			to := way{table, r.Prefix.Masked(), unix.RTN_BLACKHOLE, ""}
			switch {
			case r.Blackhole:
			case strings.HasPrefix(r.Target, "pcx-"), strings.HasPrefix(r.Target, "tgw-attach-"):
				to.kind, to.via = unix.RTN_UNICAST, portTo(r.Target)
			case p.attachments[r.Target] != "":
				to.kind, to.via = unix.RTN_UNICAST, portTo(p.attachments[r.Target])
			case outward(r.Target):
				to.kind, to.via = unix.RTN_UNICAST, uplink
			}
			out[to] = true
		}
	}
	return out
}

// route writes the routing tables of the subnets. A route whose port is not
// there is a black hole.
func (s *space) route(p *plan) error {
	links, err := s.link.LinkList()
	if err != nil {
		return fmt.Errorf("list interfaces of network %s: %w", s.id, err)
	}
	index, names := map[string]int{}, map[int]string{}
	for _, l := range links {
		index[l.Attrs().Name], names[l.Attrs().Index] = l.Attrs().Index, l.Attrs().Name
	}
	have, err := s.routes(names)
	if err != nil {
		return err
	}
	wanted := map[way]bool{}
	for w := range p.ways() {
		if w.via != "" && index[w.via] == 0 {
			w.kind, w.via = unix.RTN_BLACKHOLE, ""
		}
		wanted[w] = true
	}
	var errs []error
	for w := range wanted {
		if !have[w] {
			if err := s.link.RouteReplace(w.route(index)); err != nil {
				errs = append(errs, fmt.Errorf("%+v: %w", w, err))
			}
		}
	}
	kept := map[way]bool{} // by table and prefix: a route that was replaced is gone
	for w := range wanted {
		kept[way{table: w.table, prefix: w.prefix}] = true
	}
	for w := range have {
		if !kept[way{table: w.table, prefix: w.prefix}] {
			errs = append(errs, s.link.RouteDel(w.route(index)))
		}
	}
	errs = append(errs, s.lead(p))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("write the routes of network %s: %w", s.id, err)
	}
	return nil
}

func (w way) route(index map[string]int) *netlink.Route {
	r := &netlink.Route{Table: w.table, Dst: ipNet(w.prefix), Type: w.kind, Protocol: ours}
	if w.via != "" {
		r.LinkIndex, r.Gw, r.Flags = index[w.via], beyond.AsSlice(), int(netlink.FLAG_ONLINK)
	}
	return r
}

// routes lists our routes in the tables of subnets.
func (s *space) routes(names map[int]string) (map[way]bool, error) {
	all, err := s.link.RouteListFiltered(netlink.FAMILY_V4, &netlink.Route{Table: unix.RT_TABLE_UNSPEC, Protocol: ours}, netlink.RT_FILTER_TABLE|netlink.RT_FILTER_PROTOCOL)
	if err != nil {
		return nil, fmt.Errorf("list the routes of network %s: %w", s.id, err)
	}
	out := map[way]bool{}
	for _, r := range all {
		if r.Table < firstTable {
			continue
		}
		prefix := netip.PrefixFrom(netip.IPv4Unspecified(), 0)
		if r.Dst != nil {
			a, _ := netip.AddrFromSlice(r.Dst.IP.To4())
			bits, _ := r.Dst.Mask.Size()
			prefix = netip.PrefixFrom(a, bits)
		}
		out[way{r.Table, prefix, r.Type, names[r.LinkIndex]}] = true
	}
	return out, nil
}

// lead leads the packets of each subnet to its routing table.
func (s *space) lead(p *plan) error {
	all, err := s.link.RuleList(netlink.FAMILY_V4)
	if err != nil {
		return err
	}
	have := map[int]bool{}
	wanted := map[int]bool{}
	for _, n := range p.numbers {
		wanted[n] = true
	}
	var errs []error
	for _, r := range all {
		n := r.Table - firstTable
		switch {
		case n < 1 || r.Priority != r.Table:
		case wanted[n]:
			have[n] = true
		default:
			errs = append(errs, s.link.RuleDel(&r))
		}
	}
	for n := range wanted {
		if have[n] {
			continue
		}
		r := netlink.NewRule()
		r.Family, r.Mark, r.Table, r.Priority = unix.AF_INET, uint32(n), firstTable+n, firstTable+n
		errs = append(errs, s.link.RuleAdd(r))
	}
	return errors.Join(errs...)
}
