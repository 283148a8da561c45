package route

import (
	"cmp"
	"context"
	"net/netip"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/netpath"
)

// gates reads what stands at the edges of networks. A kind that is not answered
// is noted: most ways do not pass it.
func (e Eyes) gates(ctx context.Context, f *Facts) error {
	for _, kind := range []struct {
		action string
		read   func(context.Context, *Facts) error
	}{
		{"DescribeVpcPeeringConnections", e.peerings},
		{"DescribeNatGateways", e.nats},
		{"DescribeInternetGateways", e.internets},
		{"DescribeVpnGateways", e.vpnGateways},
		{"DescribeVpnConnections", e.vpnConnections},
	} {
		if err := f.unanswered("ec2:"+kind.action, kind.read(ctx, f)); err != nil {
			return err
		}
	}
	return nil
}

func (e Eyes) peerings(ctx context.Context, f *Facts) error {
	all, err := read(ctx, "DescribeVpcPeeringConnections", func(ctx context.Context, t *string) ([]types.VpcPeeringConnection, *string, error) {
		out, err := e.Networks.DescribeVpcPeeringConnections(ctx, &ec2.DescribeVpcPeeringConnectionsInput{NextToken: t})
		if err != nil {
			return nil, nil, err
		}
		return out.VpcPeeringConnections, out.NextToken, nil
	})
	for _, p := range all {
		if p.Status == nil || p.RequesterVpcInfo == nil || p.AccepterVpcInfo == nil {
			continue
		}
		f.Gates = append(f.Gates, Gate{
			ID: aws.ToString(p.VpcPeeringConnectionId), State: string(p.Status.Code), Reason: aws.ToString(p.Status.Message),
			Ends: [2]string{aws.ToString(p.RequesterVpcInfo.VpcId), aws.ToString(p.AccepterVpcInfo.VpcId)}, sides: [2]*types.VpcPeeringConnectionVpcInfo{p.RequesterVpcInfo, p.AccepterVpcInfo},
		})
	}
	return err
}

// foreign are the networks of other accounts or Regions that a peering
// connection leads to: of them only the ranges are known, so inside them
// everything is taken to pass.
func (f *Facts) foreign(own string) (out []netpath.Network) {
	for _, g := range f.Gates {
		i := slices.Index(g.Ends[:], own)
		if i < 0 || g.sides[1-i] == nil || slices.ContainsFunc(f.World.Networks, func(n netpath.Network) bool { return n.ID == g.Ends[1-i] }) {
			continue
		}
		far := g.sides[1-i]
		n := netpath.Network{ID: g.Ends[1-i]}
		everything := netip.PrefixFrom(netip.IPv4Unspecified(), 0)
		for _, b := range far.CidrBlockSet {
			p := prefix(b.CidrBlock)
			n.Blocks = append(n.Blocks, p)
			n.Subnets = append(n.Subnets, netpath.Subnet{
				ID: n.ID, Table: n.ID, ACL: n.ID, Prefix: p, Routes: []netpath.Route{{Prefix: everything, Target: g.ID}},
				Entries: []netpath.Entry{{Number: 1, Protocol: netpath.Any, Allow: true, Prefix: everything}, {Number: 1, Egress: true, Protocol: netpath.Any, Allow: true, Prefix: everything}},
			})
		}
		f.Unseen = append(f.Unseen, n.ID)
		out = append(out, n)
	}
	return out
}

func (e Eyes) nats(ctx context.Context, f *Facts) error {
	all, err := read(ctx, "DescribeNatGateways", func(ctx context.Context, t *string) ([]types.NatGateway, *string, error) {
		out, err := e.Networks.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{NextToken: t})
		if err != nil {
			return nil, nil, err
		}
		return out.NatGateways, out.NextToken, nil
	})
	for _, n := range all {
		f.Gates = append(f.Gates, Gate{
			ID: aws.ToString(n.NatGatewayId), State: string(n.State), Reason: aws.ToString(n.FailureMessage), Network: aws.ToString(n.VpcId), Subnet: aws.ToString(n.SubnetId),
		})
	}
	return err
}

func (e Eyes) internets(ctx context.Context, f *Facts) error {
	all, err := read(ctx, "DescribeInternetGateways", func(ctx context.Context, t *string) ([]types.InternetGateway, *string, error) {
		out, err := e.Networks.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{NextToken: t})
		if err != nil {
			return nil, nil, err
		}
		return out.InternetGateways, out.NextToken, nil
	})
	for _, g := range all {
		one := Gate{ID: aws.ToString(g.InternetGatewayId), State: "detached"}
		for _, a := range g.Attachments {
			one.State, one.Network = string(a.State), aws.ToString(a.VpcId)
		}
		f.Gates = append(f.Gates, one)
	}
	return err
}

func (e Eyes) vpnGateways(ctx context.Context, f *Facts) error {
	out, err := e.Networks.DescribeVpnGateways(ctx, &ec2.DescribeVpnGatewaysInput{})
	if err != nil {
		return err
	}
	for _, g := range out.VpnGateways {
		one := Gate{ID: aws.ToString(g.VpnGatewayId), State: "detached"}
		for _, a := range g.VpcAttachments {
			if a.State == types.AttachmentStatusAttached || one.Network == "" {
				one.State, one.Network = string(a.State), aws.ToString(a.VpcId)
			}
		}
		f.Gates = append(f.Gates, one)
	}
	return nil
}

func (e Eyes) vpnConnections(ctx context.Context, f *Facts) error {
	out, err := e.Networks.DescribeVpnConnections(ctx, &ec2.DescribeVpnConnectionsInput{})
	if err != nil {
		return err
	}
	for _, c := range out.VpnConnections {
		one := Gate{ID: aws.ToString(c.VpnConnectionId), State: string(c.State), Behind: cmp.Or(aws.ToString(c.VpnGatewayId), aws.ToString(c.TransitGatewayId))}
		for _, t := range c.VgwTelemetry {
			one.Tunnels = append(one.Tunnels, Tunnel{
				Outside: aws.ToString(t.OutsideIpAddress), Up: t.Status == types.TelemetryStatusUp, Since: aws.ToTime(t.LastStatusChange), Message: aws.ToString(t.StatusMessage),
				Log: logOf(c.Options, aws.ToString(t.OutsideIpAddress)),
			})
		}
		one.Static = c.Options != nil && aws.ToBool(c.Options.StaticRoutesOnly)
		for _, r := range c.Routes {
			if around := prefix(r.DestinationCidrBlock); around.IsValid() && r.State != types.VpnStateDeleted {
				one.Ranges = append(one.Ranges, around)
			}
		}
		f.Gates = append(f.Gates, one)
	}
	return nil
}

// logOf is the log group that a tunnel writes to, "" where it has none.
func logOf(o *types.VpnConnectionOptions, outside string) string {
	if o == nil {
		return ""
	}
	for _, t := range o.TunnelOptions {
		if aws.ToString(t.OutsideIpAddress) != outside || t.LogOptions == nil || t.LogOptions.CloudWatchLogOptions == nil {
			continue
		}
		if l := t.LogOptions.CloudWatchLogOptions; aws.ToBool(l.LogEnabled) {
			return aws.ToString(l.LogGroupArn)
		}
	}
	return ""
}

// transits reads transit gateways with their attachments and tables. A network
// is named at its attachment; what else is attached leads outside.
func (e Eyes) transits(ctx context.Context, f *Facts) ([]netpath.Transit, error) {
	attached, err := read(ctx, "DescribeTransitGatewayAttachments", func(ctx context.Context, t *string) ([]types.TransitGatewayAttachment, *string, error) {
		out, err := e.Networks.DescribeTransitGatewayAttachments(ctx, &ec2.DescribeTransitGatewayAttachmentsInput{NextToken: t})
		if err != nil {
			return nil, nil, err
		}
		return out.TransitGatewayAttachments, out.NextToken, nil
	})
	if err != nil {
		return nil, f.unanswered("ec2:DescribeTransitGatewayAttachments", err)
	}
	var all []netpath.Transit
	for _, a := range attached {
		if a.State != types.TransitGatewayAttachmentStateAvailable {
			continue
		}
		id := aws.ToString(a.TransitGatewayId)
		i := slices.IndexFunc(all, func(t netpath.Transit) bool { return t.ID == id })
		if i < 0 {
			i = len(all)
			all = append(all, netpath.Transit{ID: id})
		}
		one := netpath.Attachment{ID: aws.ToString(a.TransitGatewayAttachmentId)}
		if a.Association != nil {
			one.Table = aws.ToString(a.Association.TransitGatewayRouteTableId)
		}
		switch a.ResourceType {
		case types.TransitGatewayAttachmentResourceTypeVpc:
			one.Network = aws.ToString(a.ResourceId)
		default:
			f.Gates = append(f.Gates, Gate{ID: one.ID, State: string(a.State), Behind: aws.ToString(a.ResourceId)})
		}
		all[i].Attachments = append(all[i].Attachments, one)
	}
	if len(all) == 0 {
		return nil, nil
	}
	return all, f.unanswered("ec2:DescribeTransitGatewayRouteTables", e.transitTables(ctx, all))
}

func (e Eyes) transitTables(ctx context.Context, all []netpath.Transit) error {
	tables, err := read(ctx, "DescribeTransitGatewayRouteTables", func(ctx context.Context, t *string) ([]types.TransitGatewayRouteTable, *string, error) {
		out, err := e.Networks.DescribeTransitGatewayRouteTables(ctx, &ec2.DescribeTransitGatewayRouteTablesInput{NextToken: t})
		if err != nil {
			return nil, nil, err
		}
		return out.TransitGatewayRouteTables, out.NextToken, nil
	})
	if err != nil {
		return err
	}
	for _, t := range tables {
		i := slices.IndexFunc(all, func(x netpath.Transit) bool { return x.ID == aws.ToString(t.TransitGatewayId) })
		if i < 0 {
			continue
		}
		out, err := e.Networks.SearchTransitGatewayRoutes(ctx, &ec2.SearchTransitGatewayRoutesInput{
			TransitGatewayRouteTableId: t.TransitGatewayRouteTableId,
			Filters:                    []types.Filter{{Name: aws.String("state"), Values: []string{"active", "blackhole"}}},
		})
		if err != nil {
			return account.Explain("ec2:SearchTransitGatewayRoutes", err)
		}
		one := netpath.TransitTable{ID: aws.ToString(t.TransitGatewayRouteTableId)}
		for _, r := range out.Routes {
			for _, a := range r.TransitGatewayAttachments {
				one.Routes = append(one.Routes, netpath.Route{Prefix: prefix(r.DestinationCidrBlock), Target: aws.ToString(a.TransitGatewayAttachmentId), Blackhole: r.State == types.TransitGatewayRouteStateBlackhole})
			}
			if len(r.TransitGatewayAttachments) == 0 {
				one.Routes = append(one.Routes, netpath.Route{Prefix: prefix(r.DestinationCidrBlock), Blackhole: true})
			}
		}
		all[i].Tables = append(all[i].Tables, one)
	}
	return nil
}
