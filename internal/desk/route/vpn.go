package route

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// vpn asks the VPN gateway to which a route leads, and the connections at it.
func (f *Facts) vpn(route *Step, g *Gate) []Step {
	switch {
	case g == nil:
		return nil
	case g.Network == "" || g.State != "attached":
		return []Step{{hopVPN, g.ID, "it is " + g.State, false}}
	}
	all, static := f.carriers(g.ID, f.To.Address)
	if len(all) == 0 && static && !f.propagated(route) {
		return []Step{{hopVPN, g.ID, "none of its VPN connections has a static route to " + f.To.Address.String(), false}}
	}
	return append([]Step{{hopVPN, g.ID, g.State, true}}, tunnels(all)...)
}

// carriers are the connections at a VPN gateway that may carry what goes to an
// address: of those with static routes the ones whose range around it is the
// narrowest, and every one that learns its ranges by BGP, for no description has
// them. static tells whether any has static routes only.
// Source: Site-to-Site VPN User Guide, "Static and dynamic routing".
func (f *Facts) carriers(gateway string, to netip.Addr) (all []Gate, static bool) {
	narrowest := 0
	for _, c := range f.Gates {
		if c.Behind == gateway && c.State == "available" {
			narrowest = max(narrowest, c.around(to))
		}
	}
	for _, c := range f.Gates {
		if c.Behind != gateway || kind(c.ID) != "vpn" {
			continue
		}
		static = static || c.Static
		if around := c.around(to); !c.Static || around >= 0 && (around == narrowest || c.State != "available") {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b Gate) int { return cmp.Or(strings.Compare(a.State, b.State), strings.Compare(a.ID, b.ID)) })
	return all, static
}

// around is how narrow the narrowest static route of a connection around an
// address is; -1 is none.
func (g Gate) around(to netip.Addr) int {
	bits := -1
	for _, r := range g.Ranges {
		if r.Contains(to) {
			bits = max(bits, r.Bits())
		}
	}
	return bits
}

// connection is one VPN connection, as a list; empty where it cannot be read.
func (f *Facts) connection(id string) []Gate {
	if g := f.gate(id); g != nil {
		return []Gate{*g}
	}
	return nil
}

// tunnels asks the connections: one tunnel that is up is enough. Without any
// telemetry nothing is said: Direct Connect has none.
func tunnels(all []Gate) []Step {
	var down *Step
	for _, c := range all {
		says := []string{}
		if c.State != "available" {
			says = append(says, "the connection is "+c.State)
			c.Tunnels = nil
		}
		for _, t := range c.Tunnels {
			if t.Up {
				return []Step{{hopTunnel, c.ID, t.Outside + " is UP", true}}
			}
			says = append(says, strings.TrimSpace(t.Outside+" is DOWN "+t.Message))
		}
		switch said := strings.Join(says, "; "); {
		case said == "":
		case down == nil:
			down = &Step{hopTunnel, c.ID, said, false}
		default:
			down.Rule += "; " + c.ID + " " + said
		}
	}
	if down == nil {
		return nil
	}
	return []Step{*down}
}

// table is a route table as it was read; empty where it was not.
func (f *Facts) table(id string) types.RouteTable {
	for _, t := range f.parts.tables {
		if aws.ToString(t.RouteTableId) == id {
			return t
		}
	}
	return types.RouteTable{}
}

// propagated tells whether a route came from its VPN gateway: what announced it
// need not be a VPN connection.
func (f *Facts) propagated(route *Step) bool {
	cidr, _, _ := strings.Cut(route.Rule, " -> ")
	return slices.ContainsFunc(f.table(route.ID).Routes, func(r types.Route) bool {
		return aws.ToString(r.DestinationCidrBlock) == cidr && r.Origin == types.RouteOriginEnableVgwRoutePropagation
	})
}

// propagates tells whether a gateway writes its routes into a table.
func (f *Facts) propagates(table, gateway string) bool {
	return slices.ContainsFunc(f.table(table).PropagatingVgws, func(v types.PropagatingVgw) bool { return aws.ToString(v.GatewayId) == gateway })
}

// unrouted tells whether a change took the address from a connection whose gateway
// is the hop, or writes its routes into it.
func (p *Plan) unrouted(c Change) bool {
	g := p.gate(c.in.VpnConnectionID)
	return g != nil && covers(c.in.DestinationCidrBlock, p.aim()) && g.around(p.aim()) < 0 && (g.Behind == p.Broken.ID || p.propagates(p.Broken.ID, g.Behind))
}

// unpropagated tells whether a change took the routes of a gateway out of the
// table, of which one led to the address: a static one, for of others nobody knows.
func (p *Plan) unpropagated(c Change) bool {
	all, _ := p.carriers(c.in.GatewayID, p.aim())
	return c.in.RouteTableID == p.Broken.ID && !p.propagates(p.Broken.ID, c.in.GatewayID) && slices.ContainsFunc(all, func(g Gate) bool { return g.Static })
}

// learnAgain undoes what a change did to the ranges that are learnt of a VPN gateway.
func learnAgain(c *Change) []Mend {
	switch {
	case c == nil:
	case c.Event == "DisableVgwRoutePropagation":
		return []Mend{mend("EnableVgwRoutePropagation", "route-table-id", c.in.RouteTableID, "gateway-id", c.in.GatewayID)}
	case c.Event == "DeleteVpnConnectionRoute":
		return []Mend{mend("CreateVpnConnectionRoute", "vpn-connection-id", c.in.VpnConnectionID, "destination-cidr-block", c.in.DestinationCidrBlock)}
	}
	return nil
}
