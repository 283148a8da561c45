package route

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tamachi/internal/netpath"
)

// Mend is one call that restores the hop, as the command that makes it.
type Mend struct {
	Service   string     `json:"service"`   // as the CLI calls it; "" is ec2
	Operation string     `json:"operation"` // CreateRoute
	Args      [][]string `json:"-"`         // option and values
}

// MarshalText writes the command.
func (m Mend) MarshalText() ([]byte, error) { return []byte(m.Command()), nil }

// Command is the mend for a shell.
func (m Mend) Command() string {
	var b strings.Builder
	b.WriteString("aws " + cmp.Or(m.Service, "ec2") + " " + kebab(m.Operation))
	for _, a := range m.Args {
		b.WriteString(" --" + a[0])
		for _, value := range a[1:] {
			b.WriteString(" " + quoted(value))
		}
	}
	return b.String()
}

// quoted is a value for a shell: it may come from the trail, in which others
// write.
func quoted(value string) string {
	if strings.Trim(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,") == "" {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// kebab is the name of an operation as the CLI spells it.
func kebab(operation string) string {
	var b strings.Builder
	for i, r := range operation {
		if i > 0 && 'A' <= r && r <= 'Z' {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

func mend(operation string, pairs ...string) Mend {
	m := Mend{Operation: operation}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			m.Args = append(m.Args, []string{pairs[i]})
			continue
		}
		m.Args = append(m.Args, []string{pairs[i], pairs[i+1]})
	}
	return m
}

// restore says which calls make the hop what it was; none where nobody can tell.
func (p *Plan) restore(all []Change) []Mend {
	b := p.Broken
	if again := learnAgain(b.Change); again != nil {
		return again
	}
	switch what := b.What; {
	case what == hopRoute, what == hopRouteBack:
		return p.routeAgain(all)
	case strings.HasSuffix(what, ", "+hopTransit):
		return p.transitAgain(all)
	case what == "security group, out":
		return p.permitAgain("AuthorizeSecurityGroupEgress")
	case what == "security group, in":
		return p.permitAgain("AuthorizeSecurityGroupIngress")
	case strings.HasPrefix(what, "network ACL"):
		return p.entryAgain(all)
	case what == hopPeering:
		if p.gateOf(b.ID).State == "pending-acceptance" {
			return []Mend{mend("AcceptVpcPeeringConnection", "vpc-peering-connection-id", b.ID)}
		}
		return p.peerAgain(b.ID)
	case what == hopInternet:
		if own := p.network(p.From.Address); own != nil && p.gateOf(b.ID).Network == "" {
			return []Mend{mend("AttachInternetGateway", "internet-gateway-id", b.ID, "vpc-id", own.ID)}
		}
	case what == hopRule && p.Naming != nil:
		m := mend("AssociateResolverRule", "resolver-rule-id", b.ID, "vpc-id", p.Naming.Network)
		m.Service = "route53resolver"
		return []Mend{m}
	case what == hopVPN:
		if own := p.network(p.From.Address); own != nil && p.gateOf(b.ID).State != "attached" {
			return []Mend{mend("AttachVpnGateway", "vpn-gateway-id", b.ID, "vpc-id", own.ID)}
		}
	}
	return nil
}

// peerAgain joins the networks of a connection that is over: a new connection
// has another id, so the routes follow.
func (p *Plan) peerAgain(id string) []Mend {
	g := p.gateOf(id)
	if g.Ends == [2]string{} {
		return nil
	}
	return []Mend{mend("CreateVpcPeeringConnection", "vpc-id", g.Ends[0], "peer-vpc-id", g.Ends[1])}
}

// routeAgain makes the route that there was: as the trail has it, or as the
// networks are joined.
func (p *Plan) routeAgain(all []Change) []Mend {
	b := p.Broken
	cidr, target := p.former(all)
	if gone := leads(b.Rule); strings.Contains(b.Rule, "is a black hole") && p.dead(gone) {
		if kind(gone) == "pcx" {
			return p.peerAgain(gone)
		}
		cidr, _, _ = strings.Cut(b.Rule, " ")
		target = ""
	}
	if target == "" {
		target = p.joint()
	}
	if cidr == "" {
		if far := p.network(p.aim()); far != nil {
			for _, block := range far.Blocks {
				if block.Contains(p.aim()) {
					cidr = block.String()
				}
			}
		}
	}
	if target == "" || cidr == "" {
		return nil
	}
	operation := "CreateRoute"
	if has, _, found := strings.Cut(b.Rule, " -> "); found && has == cidr {
		operation = "ReplaceRoute"
	}
	return []Mend{mend(operation, "route-table-id", b.ID, "destination-cidr-block", cidr, option[kind(target)], target)}
}

// option is how a target of a route is named.
var option = map[string]string{
	"pcx": "vpc-peering-connection-id", "nat": "nat-gateway-id", "tgw": "transit-gateway-id", "igw": "gateway-id", "vgw": "gateway-id", "eni": "network-interface-id",
}

// former is the route that the trail remembers.
func (p *Plan) former(all []Change) (cidr, target string) {
	if c := p.Broken.Change; c != nil {
		cidr = c.in.DestinationCidrBlock
	}
	p.Broken.was = p.made(all, cidr)
	if was := p.Broken.was; was != nil {
		return was.in.DestinationCidrBlock, was.in.target()
	}
	return cidr, ""
}

// made is what made the route to a range what it was: the range that was asked for,
// where none is given.
func (p *Plan) made(all []Change, cidr string) *Change {
	b := p.Broken
	for i, c := range all {
		if c.Event != "CreateRoute" && c.Event != "ReplaceRoute" || c.in.RouteTableID != b.ID || b.Change != nil && !c.Time.Before(b.Change.Time) && c.Event == b.Change.Event {
			continue
		}
		if c.in.DestinationCidrBlock == cidr || cidr == "" && covers(c.in.DestinationCidrBlock, p.aim()) {
			if option[kind(c.in.target())] != "" {
				return &all[i]
			}
		}
	}
	return nil
}

// dead tells whether a target is known not to take packets.
func (p *Plan) dead(target string) bool {
	g := p.gate(target)
	return g != nil && !slices.Contains([]string{"active", "available", "attached"}, g.State)
}

// joint is what joins the two networks: a peering connection or a transit
// gateway.
func (p *Plan) joint() string {
	near, far := p.network(p.From.Address), p.network(p.To.Address)
	if near == nil || far == nil {
		return ""
	}
	for _, c := range p.World.Peerings {
		if c.Active && (c.A == near.ID && c.B == far.ID || c.B == near.ID && c.A == far.ID) {
			return c.ID
		}
	}
	for _, t := range p.World.Transits {
		at := func(n *netpath.Network) bool {
			return slices.ContainsFunc(t.Attachments, func(a netpath.Attachment) bool { return a.Network == n.ID })
		}
		if at(near) && at(far) {
			return t.ID
		}
	}
	return ""
}

func (p *Plan) transitAgain(all []Change) []Mend {
	b := p.Broken
	cidr, target := "", ""
	if b.Change != nil {
		cidr = b.Change.in.DestinationCidrBlock
	}
	for _, c := range all {
		if c.Event == "CreateTransitGatewayRoute" && c.in.TransitGatewayRouteTableID == b.ID && covers(c.in.DestinationCidrBlock, p.aim()) && c.in.TransitGatewayAttachmentID != "" {
			cidr, target = c.in.DestinationCidrBlock, c.in.TransitGatewayAttachmentID
			break
		}
	}
	if cidr == "" || target == "" {
		return nil
	}
	return []Mend{mend("CreateTransitGatewayRoute", "destination-cidr-block", cidr, "transit-gateway-route-table-id", b.ID, "transit-gateway-attachment-id", target)}
}

// permitAgain permits what was revoked, or this packet and no more.
func (p *Plan) permitAgain(operation string) []Mend {
	b, asked := p.Broken, p.packet()
	peer := p.To.Address
	if !b.egress() {
		peer = p.From.Address
	}
	group, cidr, word, from, to := b.ID, peer.String()+"/32", p.Asked.Protocol, asked.Port, asked.Port
	if c := b.Change; c != nil {
		i := slices.IndexFunc(c.in.IPPermissions, p.permits)
		one := c.in.IPPermissions[i]
		j := slices.IndexFunc(one.IPRanges, func(r struct{ CidrIP string }) bool { return covers(r.CidrIP, peer) })
		group, cidr, word, from, to = c.in.GroupID, one.IPRanges[j].CidrIP, one.IPProtocol, one.FromPort, one.ToPort
	}
	permissions := "IpProtocol=" + word
	if word != "-1" {
		if word == "icmp" && b.Change == nil {
			from, to = -1, -1
		}
		permissions += fmt.Sprintf(",FromPort=%d,ToPort=%d", from, to)
	}
	return []Mend{mend(operation, "group-id", group, "ip-permissions", permissions+",IpRanges=[{CidrIp="+cidr+"}]")}
}

// entryAgain takes back the entry that denies, or makes the one that allowed.
func (p *Plan) entryAgain(all []Change) []Mend {
	b := p.Broken
	side := "ingress"
	if b.egress() {
		side = "egress"
	}
	number, _, _ := strings.Cut(b.Rule, " ")
	if strings.Contains(b.Rule, " deny ") {
		return []Mend{mend("DeleteNetworkAclEntry", "network-acl-id", b.ID, "rule-number", number, side, "")}
	}
	if c := b.Change; c != nil && c.Event == "DeleteNetworkAclEntry" {
		for _, made := range all {
			in := made.in
			if (made.Event == "CreateNetworkAclEntry" || made.Event == "ReplaceNetworkAclEntry") && in.NetworkACLID == b.ID && in.RuleNumber == c.in.RuleNumber && in.Egress == c.in.Egress {
				return []Mend{entry(b.ID, side, in.RuleNumber, in.Protocol, in.PortRange.From, in.PortRange.To, in.CidrBlock)}
			}
		}
		// The entry that every list begins with allows everything (VPC User
		// Guide, "Default network ACL").
		if c.in.RuleNumber == firstEntry {
			return []Mend{entry(b.ID, side, firstEntry, "-1", 0, 0, "0.0.0.0/0")}
		}
	}
	asked := p.packet()
	peer, from, to := p.To.Address, asked.Port, asked.Port
	if b.egress() == b.Answer {
		peer = p.From.Address
	}
	if b.Answer {
		from, to = 1024, 65535 // where clients wait for answers
	}
	return []Mend{entry(b.ID, side, firstEntry, strconv.Itoa(asked.Protocol), from, to, peer.String()+"/32")}
}

const firstEntry = 100

func entry(id, side string, number int, protocol string, from, to int, cidr string) Mend {
	m := mend("CreateNetworkAclEntry", "network-acl-id", id, "rule-number", strconv.Itoa(number), side, "", "rule-action", "allow", "protocol", cmp.Or(protocol, "-1"), "cidr-block", cidr)
	switch protocol {
	case "1":
		m.Args = append(m.Args, []string{"icmp-type-code", "Code=-1,Type=-1"})
	case "6", "17":
		m.Args = append(m.Args, []string{"port-range", fmt.Sprintf("From=%d,To=%d", from, to)})
	}
	return m
}
