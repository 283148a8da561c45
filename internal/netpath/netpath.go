// Package netpath tells which rule decides whether a packet between two
// addresses arrives: security groups, network ACLs, routes and peering
// connections, in the order in which a packet meets them, and the way back. It
// is pure: its facts are what the Describe operations of EC2 say, from the plane
// or from a real account. IPv4 only.
package netpath

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// World is what is known of networks.
type World struct {
	Networks []Network
	Peerings []Peering
	Transits []Transit
}

// Network is a VPC.
type Network struct {
	ID      string
	Blocks  []netip.Prefix
	Subnets []Subnet
	Groups  []Group
}

// Subnet is a subnet with its route table and its network ACL.
type Subnet struct {
	ID     string
	Prefix netip.Prefix
	Table  string  // the id of its route table
	Routes []Route // without the network's own
	ACL    string
	// Entries are the ACL's. What no entry fits is denied.
	Entries []Entry
}

// Route sends a range of addresses to a target (igw-, nat-, pcx-, vgw-, tgw-).
type Route struct {
	Prefix netip.Prefix
	Target string
	// Blackhole says that the target is not there any more.
	Blackhole bool
}

// Entry is a line of a network ACL. Protocol -1 is any; ports count for TCP and
// UDP.
type Entry struct {
	Number   int
	Egress   bool
	Protocol int
	Allow    bool
	Prefix   netip.Prefix
	From, To int
}

// Group is a security group.
type Group struct {
	ID    string
	Rules []Rule
}

// Rule permits a range of addresses or the machines of a group.
type Rule struct {
	ID       string
	Egress   bool
	Protocol int
	From, To int
	Prefix   netip.Prefix // not valid where Group is given
	Group    string
}

// Peering joins two networks.
type Peering struct {
	ID     string
	A, B   string // ids of networks
	Active bool
}

// Transit is a transit gateway, which passes on what comes from one attachment
// by the table that this is associated with.
type Transit struct {
	ID          string
	Attachments []Attachment
	Tables      []TransitTable
}

// Attachment is a network at a transit gateway, or with Network "" something that
// leads outside, as a VPN does. Table is "" where what comes from it goes nowhere.
type Attachment struct{ ID, Network, Table string }

// TransitTable is a route table of a transit gateway: its routes have attachments
// as targets.
type TransitTable struct {
	ID     string
	Routes []Route
}

// The protocols whose ports are compared (IANA, "Assigned Internet Protocol
// Numbers").
const (
	Any  = -1
	ICMP = 1
	TCP  = 6
	UDP  = 17
)

// End is one end of a path. Groups are those of its machine; without any, no
// group is asked.
type End struct {
	Address netip.Addr
	Groups  []string
}

// Packet is what is to arrive.
type Packet struct {
	From, To End
	Protocol int
	Port     int
}

// Step is one thing that a packet meets: what it is, its id, and the rule of it
// that decides.
type Step struct {
	What, ID, Rule string
	Passes         bool
}

// Path is what a packet meets, in order. The last step is the one that stops it,
// if one does.
type Path []Step

// Broken is the step that stops the packet; ok is false if it arrives.
func (p Path) Broken() (step Step, ok bool) {
	if n := len(p); n > 0 && !p[n-1].Passes {
		return p[n-1], true
	}
	return Step{}, false
}

// String is the step in a line.
func (s Step) String() string {
	mark := "ok"
	if !s.Passes {
		mark = "STOP"
	}
	return fmt.Sprintf("%s %s %s: %s", mark, s.What, s.ID, s.Rule)
}

// walk collects steps until one stops the packet.
type walk struct {
	world *World
	path  Path
}

// meet adds a step and tells whether the packet goes on.
func (w *walk) meet(s Step) bool {
	w.path = append(w.path, s)
	return s.Passes
}

// ephemeral is the lowest port that clients take: answers go there, and a
// network ACL has no memory of the question (VPC User Guide, "Ephemeral ports").
const ephemeral = 1024

// Find tells what a packet meets.
func Find(world *World, p Packet) Path {
	w := &walk{world: world}
	from, fromNet := world.at(p.From.Address)
	if from == nil {
		w.meet(Step{"address", p.From.Address.String(), "it is in no known subnet", false})
		return w.path
	}
	to, toNet := world.at(p.To.Address)
	if !w.groups(fromNet, p, true) || !w.crosses(from, to, p, true, p.Port, p.Port) || !w.routed(from, fromNet, toNet, p.To.Address, "route") {
		return w.path
	}
	if to == nil {
		return w.path // what lies outside is not known here
	}
	if !w.crosses(to, from, p, false, p.Port, p.Port) || !w.groups(toNet, p, false) {
		return w.path
	}
	// The answer: groups remember, lists and routes do not.
	back := Packet{From: p.To, To: p.From, Protocol: p.Protocol}
	_ = w.crosses(to, from, back, true, ephemeral, 65535) &&
		w.routed(to, toNet, fromNet, p.From.Address, "route back") &&
		w.crosses(from, to, back, false, ephemeral, 65535)
	return w.path
}

// at finds the subnet of an address.
func (world *World) at(a netip.Addr) (*Subnet, *Network) {
	for i := range world.Networks {
		n := &world.Networks[i]
		for j := range n.Subnets {
			if n.Subnets[j].Prefix.Contains(a) {
				return &n.Subnets[j], n
			}
		}
	}
	return nil, nil
}

// groups asks the security groups of one end; each permission of any of them is
// enough.
func (w *walk) groups(n *Network, p Packet, egress bool) bool {
	mine, peer, what := p.From, p.To, "security group, out"
	if !egress {
		mine, peer, what = p.To, p.From, "security group, in"
	}
	if len(mine.Groups) == 0 {
		return true
	}
	for _, g := range n.Groups {
		if !slices.Contains(mine.Groups, g.ID) {
			continue
		}
		for _, r := range g.Rules {
			if r.Egress == egress && r.permits(p, peer) {
				return w.meet(Step{what, g.ID, r.String(), true})
			}
		}
	}
	return w.meet(Step{what, mine.Groups[0], "no rule permits " + p.String(), false})
}

func (r Rule) permits(p Packet, peer End) bool {
	if !covers(r.Protocol, r.From, r.To, p.Protocol, p.Port, p.Port) {
		return false
	}
	if r.Group != "" {
		return slices.Contains(peer.Groups, r.Group)
	}
	return r.Prefix.Contains(peer.Address)
}

// covers tells whether a rule's protocol and ports take in all that is asked.
func covers(protocol, from, to, asked, low, high int) bool {
	switch {
	case protocol == Any:
		return true
	case protocol != asked:
		return false
	case protocol == TCP || protocol == UDP:
		return from <= low && high <= to
	}
	return true
}

// crosses asks the network ACL of a subnet about the other side. Inside one
// subnet none is asked.
func (w *walk) crosses(edge, other *Subnet, p Packet, egress bool, low, high int) bool {
	if edge == other {
		return true
	}
	peer, what := p.To.Address, "network ACL, out"
	if !egress {
		peer, what = p.From.Address, "network ACL, in"
	}
	entries := slices.Clone(edge.Entries)
	slices.SortStableFunc(entries, func(a, b Entry) int { return a.Number - b.Number })
	for _, e := range entries {
		if e.Egress != egress || !e.Prefix.Contains(peer) {
			continue
		}
		whole := covers(e.Protocol, e.From, e.To, p.Protocol, low, high)
		// A denial of some of the ports stops some of the answers.
		some := e.Protocol == Any || e.Protocol == p.Protocol && (p.Protocol != TCP && p.Protocol != UDP || e.From <= high && low <= e.To)
		if whole || some && !e.Allow {
			return w.meet(Step{what, edge.ACL, e.String(), e.Allow})
		}
	}
	return w.meet(Step{what, edge.ACL, "no entry allows it", false})
}

// routed asks the route table of a subnet for the way to an address: the
// narrowest range decides.
func (w *walk) routed(from *Subnet, own, to *Network, a netip.Addr, what string) bool {
	for _, b := range own.Blocks {
		if b.Contains(a) {
			rule := b.String() + " -> local"
			if to == nil {
				return w.meet(Step{what, from.Table, rule + ", where no subnet has the address", false})
			}
			return w.meet(Step{what, from.Table, rule, true})
		}
	}
	best, ok := w.leads(what, from.Table, from.Routes, a)
	if !ok {
		return false
	}
	if to != nil && outward(best.Target) {
		w.path = w.path[:len(w.path)-1]
		return w.meet(Step{what, from.Table, best.Prefix.String() + " -> " + best.Target + " leads out, not to " + to.ID, false})
	}
	if i := slices.IndexFunc(w.world.Transits, func(t Transit) bool { return t.ID == best.Target }); i >= 0 {
		return w.passedOn(&w.world.Transits[i], own, to, a, what)
	}
	return w.joined(best.Target, own, to)
}

// outward tells of targets that lead to the internet or to the customer's own
// sites, where no network has its own addresses.
func outward(target string) bool {
	return strings.HasPrefix(target, "igw-") || strings.HasPrefix(target, "nat-") || strings.HasPrefix(target, "vgw-")
}

// leads asks a table for the way to an address: the narrowest range decides.
func (w *walk) leads(what, table string, routes []Route, a netip.Addr) (best *Route, ok bool) {
	for i := range routes {
		r := &routes[i]
		if r.Prefix.Contains(a) && (best == nil || r.Prefix.Bits() > best.Prefix.Bits()) {
			best = r
		}
	}
	if best == nil {
		return nil, w.meet(Step{what, table, "no route to " + a.String(), false})
	}
	rule := best.Prefix.String() + " -> " + best.Target
	if best.Blackhole {
		return nil, w.meet(Step{what, table, rule + " is a black hole", false})
	}
	return best, w.meet(Step{what, table, rule, true})
}

// passedOn asks the transit gateway that a route leads to.
func (w *walk) passedOn(t *Transit, own, to *Network, a netip.Addr, what string) bool {
	const gateway = "transit gateway"
	i := slices.IndexFunc(t.Attachments, func(x Attachment) bool { return x.Network == own.ID })
	if i < 0 {
		return w.meet(Step{gateway, t.ID, own.ID + " is not attached", false})
	}
	j := slices.IndexFunc(t.Tables, func(x TransitTable) bool { return x.ID == t.Attachments[i].Table })
	if j < 0 {
		return w.meet(Step{gateway, t.ID, t.Attachments[i].ID + " is associated with no route table", false})
	}
	best, ok := w.leads(what+", "+gateway, t.Tables[j].ID, t.Tables[j].Routes, a)
	if !ok {
		return false
	}
	there := func(x Attachment) bool {
		return x.ID == best.Target && (x.Network == "" || to != nil && x.Network == to.ID)
	}
	if !slices.ContainsFunc(t.Attachments, there) {
		return w.meet(Step{gateway, t.ID, "the address is not in the network that " + best.Target + " leads to", false})
	}
	return true
}

// joined asks the peering connection that a route leads to.
func (w *walk) joined(target string, own, to *Network) bool {
	for _, p := range w.world.Peerings {
		if p.ID != target {
			continue
		}
		switch {
		case !p.Active:
			return w.meet(Step{"peering connection", p.ID, "it is not active", false})
		case to == nil || !(p.A == own.ID && p.B == to.ID || p.B == own.ID && p.A == to.ID):
			return w.meet(Step{"peering connection", p.ID, "the address is not in the network that it leads to", false})
		}
		return w.meet(Step{"peering connection", p.ID, "active", true})
	}
	return true
}

// String is the rule as people write it.
func (r Rule) String() string {
	peer := r.Group
	if peer == "" {
		peer = r.Prefix.String()
	}
	return fmt.Sprintf("%s %s %s", r.ID, ports(r.Protocol, r.From, r.To), peer)
}

// String is the entry as people write it.
func (e Entry) String() string {
	verb := "deny"
	if e.Allow {
		verb = "allow"
	}
	return fmt.Sprintf("%d %s %s %s", e.Number, verb, ports(e.Protocol, e.From, e.To), e.Prefix)
}

// String is the packet as people write it.
func (p Packet) String() string {
	return fmt.Sprintf("%s from %s to %s", ports(p.Protocol, p.Port, p.Port), p.From.Address, p.To.Address)
}

func ports(protocol, from, to int) string {
	name := map[int]string{Any: "all", ICMP: "icmp", TCP: "tcp", UDP: "udp"}[protocol]
	if name == "" {
		name = fmt.Sprintf("protocol %d", protocol)
	}
	if protocol != TCP && protocol != UDP {
		return name
	}
	if from == to {
		return fmt.Sprintf("%s/%d", name, from)
	}
	return fmt.Sprintf("%s/%d-%d", name, from, to)
}
