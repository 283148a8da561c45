package route

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"tamachi/internal/desk/account"
	"tamachi/internal/netpath"
)

// Break is the hop that stops the packet, since when and by whom, and how it is
// put right.
type Break struct {
	Step
	Answer  bool      `json:"answer,omitempty"` // the packet arrives, and its answer does not
	Change  *Change   `json:"change,omitempty"` // what broke it; nil where the trail does not tell
	Since   time.Time `json:"since,omitzero"`
	Restore []Mend    `json:"restore,omitempty"`

	was *Change // what made a route what it was before Change; nil where the trail does not tell
}

const (
	// history is how long CloudTrail keeps events for LookupEvents.
	history = 90 * 24 * time.Hour
	// mostEvents bounds what is read of one kind of event: LookupEvents answers
	// two pages of 50 a second.
	mostEvents = 500
)

// suspects are the operations that break a kind of hop, and those that made it
// what it was.
func (b *Break) suspects() []string {
	switch what := b.What; {
	case what == hopRoute, what == hopRouteBack:
		names := []string{"DeleteRoute", "ReplaceRoute", "CreateRoute", "ReplaceRouteTableAssociation", "AssociateRouteTable", "DisableVgwRoutePropagation", "DeleteVpnConnectionRoute"}
		return append(names, ends[kind(leads(b.Rule))]...)
	case strings.HasSuffix(what, "route, "+hopTransit), strings.HasSuffix(what, "back, "+hopTransit), what == hopTransit:
		return []string{
			"DeleteTransitGatewayRoute", "ReplaceTransitGatewayRoute", "CreateTransitGatewayRoute", "DisassociateTransitGatewayRouteTable",
			"DisableTransitGatewayRouteTablePropagation", "DeleteTransitGatewayVpcAttachment",
		}
	case what == "security group, out":
		return []string{"RevokeSecurityGroupEgress"}
	case what == "security group, in":
		return []string{"RevokeSecurityGroupIngress"}
	case strings.HasPrefix(what, "network ACL"):
		return []string{"CreateNetworkAclEntry", "ReplaceNetworkAclEntry", "DeleteNetworkAclEntry", "ReplaceNetworkAclAssociation"}
	case what == hopRule:
		return []string{"DisassociateResolverRule"}
	case what == hopForwarder:
		return []string{"DeleteResolverEndpoint"}
	case what == hopVPN:
		return append([]string{"DeleteVpnConnectionRoute"}, ends["vgw"]...)
	case what == hopTunnel:
		return []string{"DeleteVpnConnection", "ModifyVpnTunnelOptions", "ModifyVpnConnectionOptions"}
	}
	return ends[kind(b.ID)]
}

// ends are the operations after which a target takes no packet any more.
var ends = map[string][]string{
	"pcx": {"DeleteVpcPeeringConnection", "RejectVpcPeeringConnection"},
	"nat": {"DeleteNatGateway"},
	"igw": {"DetachInternetGateway", "DeleteInternetGateway"},
	"vgw": {"DetachVpnGateway", "DeleteVpnGateway"},
	"tgw": {"DeleteTransitGatewayVpcAttachment", "DeleteTransitGateway"},
}

func kind(id string) string {
	k, _, _ := strings.Cut(id, "-")
	return k
}

// Trace reads the trail about the broken hop and says who broke it and what
// restores it.
func (e Eyes) Trace(ctx context.Context, p *Plan) error {
	if p.Broken == nil {
		return nil
	}
	if p.Broken.What == hopTunnel {
		if err := e.losses(ctx, p); err != nil {
			return err
		}
	}
	var all []Change
	for _, name := range p.Broken.suspects() {
		events, _, err := account.Events(ctx, e.Trail, name, p.At.Add(-history), mostEvents)
		if err != nil {
			if err := p.unanswered("cloudtrail:LookupEvents", err); err != nil {
				return err
			}
			break // the other questions would not be answered either
		}
		for _, event := range events {
			if c, ok := parse(name, aws.ToString(event.CloudTrailEvent), aws.ToTime(event.EventTime)); ok {
				all = append(all, c)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Change) int { return b.Time.Compare(a.Time) })
	p.explain(all)
	return nil
}

// explain finds the change that broke the hop, newest first.
func (p *Plan) explain(all []Change) {
	b := p.Broken
	if i := slices.IndexFunc(all, func(c Change) bool { return p.broke(c) }); i >= 0 {
		b.Change, b.Since = &all[i], all[i].Time
	}
	if b.What == hopTunnel {
		if at := p.gateOf(b.ID).fell(); at.After(b.Since) {
			b.Since = at
		}
	}
	b.Restore = p.restore(all)
}

func (p *Plan) gateOf(id string) Gate {
	if g := p.gate(id); g != nil {
		return *g
	}
	return Gate{}
}

// broke tells whether a change is one that made the hop what it is.
func (p *Plan) broke(c Change) bool {
	b := p.Broken
	switch c.Event {
	case "DeleteRoute", "ReplaceRoute", "ReplaceRouteTableAssociation", "AssociateRouteTable":
		return c.in.RouteTableID == b.ID && p.rerouted(c)
	case "DeleteTransitGatewayRoute", "ReplaceTransitGatewayRoute", "DisableTransitGatewayRouteTablePropagation", "DisassociateTransitGatewayRouteTable", "DeleteTransitGatewayVpcAttachment":
		return p.detached(c)
	case "RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress":
		return slices.Contains(p.groups(), c.in.GroupID) && slices.ContainsFunc(c.in.IPPermissions, p.permits)
	case "CreateNetworkAclEntry", "ReplaceNetworkAclEntry", "DeleteNetworkAclEntry", "ReplaceNetworkAclAssociation":
		return c.in.NetworkACLID == b.ID && b.relisted(c)
	case "DisableVgwRoutePropagation":
		return p.unpropagated(c)
	case "DeleteVpnConnectionRoute":
		return p.unrouted(c)
	case "DisassociateResolverRule":
		return c.in.ResolverRuleID == b.ID && c.in.VpcID == p.Naming.Network
	case "ModifyVpnTunnelOptions", "ModifyVpnConnectionOptions":
		return c.in.VpnConnectionID == b.ID && justBefore(c.Time, p.gateOf(b.ID).fell())
	}
	gone := leads(b.Rule)
	if gone == "" {
		gone = b.ID
	}
	return slices.Contains([]string{c.in.VpcPeeringConnectionID, c.in.NatGatewayID, c.in.InternetGatewayID, c.in.VpnGatewayID, c.in.TransitGatewayID, c.in.VpnConnectionID, c.in.ResolverEndpointID}, gone) && c.Event != "CreateRoute"
}

// rerouted tells whether a change of the hop's route table, or of who has it,
// led the packet elsewhere.
func (p *Plan) rerouted(c Change) bool {
	covered := covers(c.in.DestinationCidrBlock, p.aim())
	switch c.Event {
	case "DeleteRoute":
		return covered && !p.has(p.Broken.ID, c.in.DestinationCidrBlock)
	case "ReplaceRoute":
		return covered && c.in.target() == leads(p.Broken.Rule)
	}
	return true
}

// detached tells whether a change of a transit gateway took the way from the
// packet.
func (p *Plan) detached(c Change) bool {
	b, named := p.Broken, c.in.TransitGatewayAttachmentID != "" && strings.Contains(p.Broken.Rule, c.in.TransitGatewayAttachmentID)
	switch c.Event {
	case "DeleteTransitGatewayRoute", "ReplaceTransitGatewayRoute":
		return c.in.TransitGatewayRouteTableID == b.ID && covers(c.in.DestinationCidrBlock, p.aim())
	case "DisableTransitGatewayRouteTablePropagation":
		return c.in.TransitGatewayRouteTableID == b.ID
	case "DisassociateTransitGatewayRouteTable":
		return named
	}
	return named || b.What == hopTransit && strings.Contains(b.Rule, "is not attached")
}

// relisted tells whether a change of the hop's network ACL made the entry that
// stops the packet, or took the one that let it pass.
func (b *Break) relisted(c Change) bool {
	switch c.Event {
	case "CreateNetworkAclEntry", "ReplaceNetworkAclEntry":
		number, _, _ := strings.Cut(b.Rule, " ")
		return strconv.Itoa(c.in.RuleNumber) == number && c.in.Egress == b.egress() && c.in.RuleAction == "deny"
	case "DeleteNetworkAclEntry":
		return c.in.Egress == b.egress() && !strings.Contains(b.Rule, " deny ")
	}
	return true
}

// has tells whether a table has a route for a range now.
func (p *Plan) has(table, cidr string) bool {
	for _, n := range p.World.Networks {
		for _, s := range n.Subnets {
			if s.Table == table && slices.ContainsFunc(s.Routes, func(r netpath.Route) bool { return r.Prefix.String() == cidr }) {
				return true
			}
		}
	}
	return false
}

// aim is the address that the hop was asked for.
func (p *Plan) aim() netip.Addr {
	if p.Broken.Answer {
		return p.From.Address
	}
	return p.To.Address
}

// egress tells on which side of a list or group the packet is stopped.
func (b *Break) egress() bool { return strings.HasSuffix(b.What, ", out") }

// groups are those of the end where the packet is stopped.
func (p *Plan) groups() []string {
	if p.Broken.egress() {
		return p.From.Groups
	}
	return p.To.Groups
}

// permits tells whether a permission was about the packet.
func (p *Plan) permits(one permission) bool {
	peer := p.To.Address
	if !p.Broken.egress() {
		peer = p.From.Address
	}
	if !slices.ContainsFunc(one.IPRanges, func(r struct{ CidrIP string }) bool { return covers(r.CidrIP, peer) }) {
		return false
	}
	asked := p.packet()
	switch n := protocol(one.IPProtocol); {
	case one.IPProtocol == "-1":
		return true
	case n != asked.Protocol:
		return false
	case asked.Protocol == protocols["icmp"]:
		return true
	}
	return one.FromPort <= asked.Port && asked.Port <= one.ToPort
}
