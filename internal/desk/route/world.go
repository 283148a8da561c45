package route

import (
	"context"
	"net/netip"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/netpath"
)

// parts are the lists of which networks are made.
type parts struct {
	vpcs    []types.Vpc
	subnets []types.Subnet
	tables  []types.RouteTable
	lists   []types.NetworkAcl
	groups  []types.SecurityGroup

	transits []netpath.Transit
}

// read reads one whole list of EC2.
func read[T any](ctx context.Context, action string, page func(ctx context.Context, token *string) ([]T, *string, error)) ([]T, error) {
	return readAll(ctx, "ec2:"+action, page)
}

// readAll reads one whole list.
func readAll[T any](ctx context.Context, action string, page func(ctx context.Context, token *string) ([]T, *string, error)) ([]T, error) {
	var all []T
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		rows, next, err := page(ctx, token)
		all = append(all, rows...)
		return next, err
	})
	if err != nil {
		return nil, account.Explain(action, err)
	}
	return all, nil
}

func (e Eyes) parts(ctx context.Context) (p parts, err error) {
	n := e.Networks
	if p.vpcs, err = read(ctx, "DescribeVpcs", func(ctx context.Context, t *string) ([]types.Vpc, *string, error) {
		out, err := n.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{NextToken: t})
		if err != nil {
			return nil, nil, err
		}
		return out.Vpcs, out.NextToken, nil
	}); err != nil {
		return p, err
	}
	if p.subnets, err = read(ctx, "DescribeSubnets", func(ctx context.Context, t *string) ([]types.Subnet, *string, error) {
		out, err := n.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{NextToken: t})
		if err != nil {
			return nil, nil, err
		}
		return out.Subnets, out.NextToken, nil
	}); err != nil {
		return p, err
	}
	if p.tables, err = read(ctx, "DescribeRouteTables", func(ctx context.Context, t *string) ([]types.RouteTable, *string, error) {
		out, err := n.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{NextToken: t})
		if err != nil {
			return nil, nil, err
		}
		return out.RouteTables, out.NextToken, nil
	}); err != nil {
		return p, err
	}
	if p.lists, err = read(ctx, "DescribeNetworkAcls", func(ctx context.Context, t *string) ([]types.NetworkAcl, *string, error) {
		out, err := n.DescribeNetworkAcls(ctx, &ec2.DescribeNetworkAclsInput{NextToken: t})
		if err != nil {
			return nil, nil, err
		}
		return out.NetworkAcls, out.NextToken, nil
	}); err != nil {
		return p, err
	}
	p.groups, err = read(ctx, "DescribeSecurityGroups", func(ctx context.Context, t *string) ([]types.SecurityGroup, *string, error) {
		out, err := n.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{NextToken: t})
		if err != nil {
			return nil, nil, err
		}
		return out.SecurityGroups, out.NextToken, nil
	})
	return p, err
}

// world reads of what networks are made, and draws those of the ends.
func (e Eyes) world(ctx context.Context, f *Facts) (err error) {
	if f.parts, err = e.parts(ctx); err != nil {
		return err
	}
	if f.parts.transits, err = e.transits(ctx, f); err != nil {
		return err
	}
	return f.draw()
}

// draw draws the network of the first end and those that it is joined to. Two
// networks that are not joined may have the same addresses.
func (f *Facts) draw() error {
	p := f.parts
	own := p.home(f.From)
	if own == "" {
		return &unknownEnd{f.From.Name, f.From.Address.String()}
	}
	f.From.Subnet = p.place(f.From, own)
	joined := []string{own}
	for _, g := range f.Gates {
		for i, side := range g.Ends {
			if side == own {
				joined = append(joined, g.Ends[1-i])
			}
		}
	}
	for _, t := range p.transits {
		if slices.ContainsFunc(t.Attachments, func(a netpath.Attachment) bool { return a.Network == own }) {
			f.World.Transits = append(f.World.Transits, t)
			for _, a := range t.Attachments {
				joined = append(joined, a.Network)
			}
		}
	}
	for _, id := range joined {
		known := slices.ContainsFunc(f.World.Networks, func(n netpath.Network) bool { return n.ID == id })
		if i := slices.IndexFunc(p.vpcs, func(v types.Vpc) bool { return aws.ToString(v.VpcId) == id }); i >= 0 && !known {
			f.World.Networks = append(f.World.Networks, p.network(p.vpcs[i]))
		}
	}
	for _, g := range f.Gates {
		if g.Ends != [2]string{} {
			f.World.Peerings = append(f.World.Peerings, netpath.Peering{ID: g.ID, A: g.Ends[0], B: g.Ends[1], Active: g.State == "active"})
		}
	}
	f.World.Networks = append(f.World.Networks, f.foreign(own)...)
	if n := f.network(f.To.Address); n != nil {
		f.To.Subnet = p.place(f.To, n.ID)
	}
	return nil
}

// home is the network of an end.
func (p parts) home(e End) string {
	for _, s := range p.subnets {
		if e.Subnet == aws.ToString(s.SubnetId) || e.Subnet == "" && prefix(s.CidrBlock).Contains(e.Address) {
			return aws.ToString(s.VpcId)
		}
	}
	return ""
}

// place is the subnet of an end in a network.
func (p parts) place(e End, network string) string {
	for _, s := range p.subnets {
		if aws.ToString(s.VpcId) == network && prefix(s.CidrBlock).Contains(e.Address) {
			return aws.ToString(s.SubnetId)
		}
	}
	return e.Subnet
}

func (p parts) network(v types.Vpc) netpath.Network {
	n := netpath.Network{ID: aws.ToString(v.VpcId)}
	for _, b := range v.CidrBlockAssociationSet {
		n.Blocks = append(n.Blocks, prefix(b.CidrBlock))
	}
	if len(n.Blocks) == 0 {
		n.Blocks = append(n.Blocks, prefix(v.CidrBlock))
	}
	for _, s := range p.subnets {
		if aws.ToString(s.VpcId) == n.ID {
			n.Subnets = append(n.Subnets, p.subnet(s))
		}
	}
	for _, g := range p.groups {
		if aws.ToString(g.VpcId) == n.ID {
			n.Groups = append(n.Groups, netpath.Group{ID: aws.ToString(g.GroupId), Rules: append(rules(g.IpPermissionsEgress, true), rules(g.IpPermissions, false)...)})
		}
	}
	return n
}

// subnet has its own route table, or the network's main one.
func (p parts) subnet(s types.Subnet) netpath.Subnet {
	out := netpath.Subnet{ID: aws.ToString(s.SubnetId), Prefix: prefix(s.CidrBlock)}
	var table *types.RouteTable
	for i := range p.tables {
		for _, a := range p.tables[i].Associations {
			switch {
			case aws.ToString(a.SubnetId) == out.ID:
				table = &p.tables[i]
			case aws.ToBool(a.Main) && aws.ToString(p.tables[i].VpcId) == aws.ToString(s.VpcId) && table == nil:
				table = &p.tables[i]
			}
		}
	}
	if table != nil {
		out.Table, out.Routes = aws.ToString(table.RouteTableId), routes(table.Routes)
	}
	for _, l := range p.lists {
		if slices.ContainsFunc(l.Associations, func(a types.NetworkAclAssociation) bool { return aws.ToString(a.SubnetId) == out.ID }) {
			out.ACL, out.Entries = aws.ToString(l.NetworkAclId), entries(l.Entries)
		}
	}
	return out
}

// routes are those for IPv4 ranges, without the network's own.
func routes(all []types.Route) (out []netpath.Route) {
	for _, r := range all {
		if target := target(r); r.DestinationCidrBlock != nil && target != "local" {
			out = append(out, netpath.Route{Prefix: prefix(r.DestinationCidrBlock), Target: target, Blackhole: r.State == types.RouteStateBlackhole})
		}
	}
	return out
}

func target(r types.Route) string {
	for _, id := range []*string{r.GatewayId, r.NatGatewayId, r.VpcPeeringConnectionId, r.TransitGatewayId, r.NetworkInterfaceId, r.InstanceId, r.LocalGatewayId, r.CarrierGatewayId, r.CoreNetworkArn} {
		if aws.ToString(id) != "" {
			return *id
		}
	}
	return ""
}

// lastEntry is the one shown as *.
// Source: VPC User Guide, "Network ACL rules".
const lastEntry = 32767

func entries(all []types.NetworkAclEntry) (out []netpath.Entry) {
	for _, e := range all {
		// What nothing allows is denied by an entry that nobody can change.
		if e.CidrBlock == nil || aws.ToInt32(e.RuleNumber) == lastEntry {
			continue
		}
		one := netpath.Entry{
			Number: int(aws.ToInt32(e.RuleNumber)), Egress: aws.ToBool(e.Egress), Protocol: protocol(aws.ToString(e.Protocol)),
			Allow: e.RuleAction == types.RuleActionAllow, Prefix: prefix(e.CidrBlock),
		}
		if e.PortRange != nil {
			one.From, one.To = int(aws.ToInt32(e.PortRange.From)), int(aws.ToInt32(e.PortRange.To))
		}
		out = append(out, one)
	}
	return out
}

func rules(all []types.IpPermission, egress bool) (out []netpath.Rule) {
	for _, p := range all {
		one := netpath.Rule{Egress: egress, Protocol: protocol(aws.ToString(p.IpProtocol)), From: int(aws.ToInt32(p.FromPort)), To: int(aws.ToInt32(p.ToPort))}
		for _, r := range p.IpRanges {
			one.Prefix = prefix(r.CidrIp)
			out = append(out, one)
		}
		one.Prefix = netip.Prefix{}
		for _, g := range p.UserIdGroupPairs {
			one.Group = aws.ToString(g.GroupId)
			out = append(out, one)
		}
	}
	return out
}

// protocol is the number of a protocol, which groups write as a word.
func protocol(word string) int {
	if n, ok := protocols[word]; ok {
		return n
	}
	n, err := strconv.Atoi(word)
	if err != nil {
		return 255 // reserved (IANA): nothing that passes has it
	}
	return n
}

// prefix is a range as AWS writes it; what is none contains nothing.
func prefix(cidr *string) netip.Prefix {
	p, _ := netip.ParsePrefix(aws.ToString(cidr))
	return p
}
