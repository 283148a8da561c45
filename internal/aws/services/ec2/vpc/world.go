package vpc

import (
	"context"
	"slices"
	"strconv"
	"time"

	"tamachi/internal/desktops"
	"tamachi/internal/netpath"
	"tamachi/internal/store"
)

// Watched are the tables whose changes may change what Networks says.
func Watched() []string {
	return []string{
		vpcs.Name, subnets.Name, routeTables.Name, internetGateways.Name, securityGroups.Name, networkACLs.Name, peerings.Name, natGateways.Name, interfaces.Name, vpnGateways.Name, vpnConnections.Name,
		transitGateways.Name, transitAttachments.Name, transitTables.Name,
	}
}

// Networks are the networks in which desktops have interfaces and those that
// these are joined to, in all accounts and Regions, as the provider of desktops
// is to make them.
func (s *Service) Networks(ctx context.Context) (desktops.Networks, error) {
	var w *atlas
	err := s.store.View(ctx, func(tx *store.Tx) error {
		w = &atlas{tx: tx, now: s.clock.Now(), drawn: map[string]bool{}}
		return w.draw()
	})
	if err != nil {
		return desktops.Networks{}, err
	}
	return w.out, nil
}

// atlas collects networks of all scopes.
type atlas struct {
	tx    *store.Tx
	now   time.Time
	out   desktops.Networks
	drawn map[string]bool // ids of networks
}

func (w *atlas) draw() error {
	seated, err := interfaces.Everywhere(w.tx, "", "")
	if err != nil {
		return err
	}
	for _, r := range seated {
		i := r.Record
		w.out.Seats = append(w.out.Seats, desktops.Seat{Desktop: i.Desktop, Network: i.VPC, Subnet: i.Subnet, Addr: i.addr(), Groups: i.Groups})
		if err := w.network(r.Scope, i.VPC); err != nil {
			return err
		}
	}
	joined, err := peerings.Everywhere(w.tx, "", "")
	if err != nil {
		return err
	}
	seats := len(w.out.World.Networks) // of a connection's other side no further one is followed
	if err := w.transits(seats); err != nil {
		return err
	}
	for _, r := range joined {
		p := r.Record
		ours := slices.ContainsFunc(w.out.World.Networks[:seats], func(n netpath.Network) bool { return n.ID == p.Requester.VPC || n.ID == p.Accepter.VPC })
		if !ours || slices.ContainsFunc(w.out.World.Peerings, func(o netpath.Peering) bool { return o.ID == p.ID }) {
			continue
		}
		active := p.state(w.now) == peeringActive
		w.out.World.Peerings = append(w.out.World.Peerings, netpath.Peering{ID: p.ID, A: p.Requester.VPC, B: p.Accepter.VPC, Active: active})
		if !active {
			continue
		}
		for _, side := range []Side{p.Requester, p.Accepter} {
			if err := w.network(store.In(side.Account, side.Region), side.VPC); err != nil {
				return err
			}
		}
	}
	return nil
}

// transits adds the transit gateways to which networks with seats are attached,
// and the other networks that are.
func (w *atlas) transits(seats int) error {
	rows, err := transitGateways.Everywhere(w.tx, "", "")
	if err != nil {
		return err
	}
	for _, r := range rows {
		l := look{w.tx, r.Scope, w.now}
		t, err := r.Record.drawn(l)
		if err != nil {
			return err
		}
		ours := slices.ContainsFunc(t.Attachments, func(a netpath.Attachment) bool {
			return slices.ContainsFunc(w.out.World.Networks[:seats], func(n netpath.Network) bool { return n.ID == a.Network })
		})
		if !ours || !r.Record.DeletedAt.IsZero() {
			continue
		}
		w.out.World.Transits = append(w.out.World.Transits, t)
		for _, a := range t.Attachments {
			if err := w.network(r.Scope, a.Network); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *TransitGateway) drawn(l look) (netpath.Transit, error) {
	out := netpath.Transit{ID: g.ID}
	tables, err := tablesOf(l, g.ID)
	if err != nil {
		return out, err
	}
	attachments, err := transitAttachmentNoun.all(l)
	if err != nil {
		return out, err
	}
	for _, a := range attachments {
		if a.Transit != g.ID || !a.DeletedAt.IsZero() {
			continue
		}
		one := netpath.Attachment{ID: a.ID, Network: a.VPC}
		if i := slices.IndexFunc(tables, func(t *TransitTable) bool { return slices.Contains(t.Associations, a.ID) }); i >= 0 {
			one.Table = tables[i].ID
		}
		out.Attachments = append(out.Attachments, one)
	}
	for _, t := range tables {
		routes, err := t.all(l)
		if err != nil {
			return out, err
		}
		one := netpath.TransitTable{ID: t.ID}
		for _, r := range routes {
			there := slices.ContainsFunc(out.Attachments, func(a netpath.Attachment) bool { return a.ID == r.Attachment })
			one.Routes = append(one.Routes, netpath.Route{Prefix: prefixOf(r.CIDR), Target: r.Attachment, Blackhole: !there})
		}
		out.Tables = append(out.Tables, one)
	}
	return out, nil
}

// network adds a network, once; one that is not there any more is left out.
func (w *atlas) network(sc store.Scope, id string) error {
	if w.drawn[id] {
		return nil
	}
	w.drawn[id] = true
	l := look{w.tx, sc, w.now}
	v, err := vpcNoun.get(l, id)
	if err != nil {
		return unlessModelled(err)
	}
	n := netpath.Network{ID: v.ID}
	for _, b := range v.Blocks {
		n.Blocks = append(n.Blocks, prefixOf(b.CIDR))
	}
	groups, err := groupNoun.in(l, id)
	if err != nil {
		return err
	}
	for _, g := range groups {
		n.Groups = append(n.Groups, g.drawn())
	}
	if n.Subnets, err = subnetsOf(l, id); err != nil {
		return err
	}
	w.out.World.Networks = append(w.out.World.Networks, n)
	return nil
}

// subnetsOf are the subnets of a network with what decides in them.
func subnetsOf(l look, vpc string) ([]netpath.Subnet, error) {
	rows, err := subnetNoun.in(l, vpc)
	if err != nil {
		return nil, err
	}
	tables, err := routeTableNoun.in(l, vpc)
	if err != nil {
		return nil, err
	}
	lists, err := aclNoun.in(l, vpc)
	if err != nil {
		return nil, err
	}
	var out []netpath.Subnet
	for _, r := range rows {
		n := netpath.Subnet{ID: r.ID, Prefix: r.prefix()}
		if t := effective(tables, r.ID); t != nil {
			n.Table = t.ID
			if n.Routes, err = t.drawn(l); err != nil {
				return nil, err
			}
		}
		for _, a := range lists {
			if slices.ContainsFunc(a.Subnets, func(g Guard) bool { return g.Subnet == r.ID }) {
				n.ACL, n.Entries = a.ID, a.drawn()
			}
		}
		out = append(out, n)
	}
	return out, nil
}

// effective is the route table of a subnet: its own or the network's main one.
func effective(tables []*RouteTable, subnet string) (found *RouteTable) {
	for _, t := range tables {
		for _, a := range t.Associations {
			switch {
			case a.Subnet == subnet:
				return t
			case a.Main:
				found = t
			}
		}
	}
	return found
}

func (t *RouteTable) drawn(l look) ([]netpath.Route, error) {
	var out []netpath.Route
	routes, _, err := t.all(l)
	if err != nil {
		return nil, err
	}
	for _, r := range routes {
		ok, err := leads(l, r.Target, t.VPC)
		if err != nil {
			return nil, err
		}
		out = append(out, netpath.Route{Prefix: prefixOf(r.CIDR), Target: r.Target, Blackhole: !ok})
	}
	return out, nil
}

// numberOf is the number of a protocol, which rules write as a word.
func numberOf(protocol string) int {
	for n, w := range numbers {
		if w == protocol {
			protocol = n
		}
	}
	n, err := strconv.Atoi(protocol)
	if err != nil {
		return 255 // reserved (IANA): nothing that passes has it
	}
	return n
}

// drawn are the group's rules about IPv4.
func (g *SecurityGroup) drawn() netpath.Group {
	out := netpath.Group{ID: g.ID}
	for _, r := range g.Rules {
		if r.CIDR == "" && r.Group == "" {
			continue
		}
		one := netpath.Rule{ID: r.ID, Egress: r.Egress, Protocol: numberOf(r.Protocol), From: int(r.From), To: int(r.To), Group: r.Group}
		if r.CIDR != "" {
			one.Prefix = prefixOf(r.CIDR)
		}
		out.Rules = append(out.Rules, one)
	}
	return out
}

// drawn are the list's entries about IPv4.
func (a *NetworkACL) drawn() []netpath.Entry {
	var out []netpath.Entry
	for _, e := range a.Entries {
		if e.CIDR == "" {
			continue
		}
		out = append(out, netpath.Entry{
			Number: int(e.Number), Egress: e.Egress, Protocol: numberOf(e.Protocol), Allow: e.Allow, Prefix: prefixOf(e.CIDR), From: int(e.From), To: int(e.To),
		})
	}
	return out
}
