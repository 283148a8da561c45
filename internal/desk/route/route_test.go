package route

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/desk/report"
	"tamachi/internal/netpath"
)

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

// office is a desktop and a file server in networks that are joined.
func office() *Facts {
	p := netip.MustParsePrefix
	open := []netpath.Entry{{Number: 100, Protocol: netpath.Any, Allow: true, Prefix: p("0.0.0.0/0")}, {Number: 100, Egress: true, Protocol: netpath.Any, Allow: true, Prefix: p("0.0.0.0/0")}}
	return &Facts{
		At: noon, Asked: Asked{From: "ws-1", To: "10.3.0.10", Protocol: "tcp", Port: 445},
		From: End{Name: "ws-1", Address: netip.MustParseAddr("10.2.1.9"), Interface: "eni-1", Subnet: "subnet-a", Groups: []string{"sg-d"}},
		To:   End{Name: "10.3.0.10", Address: netip.MustParseAddr("10.3.0.10")},
		World: netpath.World{
			Networks: []netpath.Network{
				{
					ID: "vpc-d", Blocks: []netip.Prefix{p("10.2.0.0/16")},
					Subnets: []netpath.Subnet{{
						ID: "subnet-a", Prefix: p("10.2.1.0/24"), Table: "rtb-d", ACL: "acl-d", Entries: open,
						Routes: []netpath.Route{{Prefix: p("10.3.0.0/16"), Target: "pcx-1"}, {Prefix: p("10.9.0.0/16"), Target: "vgw-1"}, {Prefix: p("0.0.0.0/0"), Target: "nat-1"}},
					}},
					Groups: []netpath.Group{{ID: "sg-d", Rules: []netpath.Rule{{Egress: true, Protocol: netpath.Any, Prefix: p("0.0.0.0/0")}}}},
				},
				{
					ID: "vpc-f", Blocks: []netip.Prefix{p("10.3.0.0/16")},
					Subnets: []netpath.Subnet{{
						ID: "subnet-f", Prefix: p("10.3.0.0/24"), Table: "rtb-f", ACL: "acl-f", Entries: open,
						Routes: []netpath.Route{{Prefix: p("10.2.0.0/16"), Target: "pcx-1"}},
					}},
				},
			},
			Peerings: []netpath.Peering{{ID: "pcx-1", A: "vpc-d", B: "vpc-f", Active: true}},
		},
		Gates: []Gate{
			{ID: "pcx-1", State: "active", Ends: [2]string{"vpc-d", "vpc-f"}},
			{ID: "nat-1", State: "available", Network: "vpc-d"},
			{ID: "vgw-1", State: "attached", Network: "vpc-d"},
			{ID: "vpn-1", State: "available", Behind: "vgw-1", Tunnels: []Tunnel{{Outside: "192.0.2.1"}, {Outside: "192.0.2.2", Up: true}}},
		},
	}
}

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func to(address string) func(*Facts) {
	return func(f *Facts) { f.To = End{Name: address, Address: netip.MustParseAddr(address)} }
}

func at(minute int, record string) Change {
	event, rest, _ := strings.Cut(record, " ")
	c, ok := parse(event, `{"userIdentity":{"type":"IAMUser","userName":"shimizu"},"requestParameters":`+rest+`}`, noon.Add(time.Duration(minute)*time.Minute))
	if !ok {
		panic(record)
	}
	return c
}

func TestTheBrokenHopIsNamedAndRestored(t *testing.T) {
	for _, row := range []struct {
		name    string
		change  func(*Facts)
		trail   []Change // newest first
		stops   string   // WHAT ID; "" nowhere
		by      string   // event
		restore string
	}{
		{name: "all is well", change: func(*Facts) {}},
		{
			name: "the route was deleted", change: func(f *Facts) { f.World.Networks[0].Subnets[0].Routes = f.World.Networks[0].Subnets[0].Routes[1:2] },
			trail: []Change{
				at(-5, `DeleteRoute {"routeTableId":"rtb-d","destinationCidrBlock":"10.3.0.0/16"}`),
				at(-9, `CreateRoute {"routeTableId":"rtb-d","destinationCidrBlock":"10.3.0.0/16","vpcPeeringConnectionId":"pcx-1"}`),
			},
			stops: "route rtb-d", by: "DeleteRoute",
			restore: "aws ec2 create-route --route-table-id rtb-d --destination-cidr-block 10.3.0.0/16 --vpc-peering-connection-id pcx-1",
		},
		{
			name: "the route was deleted, and how it was made is forgotten", change: func(f *Facts) { f.World.Networks[0].Subnets[0].Routes = nil },
			trail: []Change{at(-5, `DeleteRoute {"routeTableId":"rtb-d","destinationCidrBlock":"10.3.0.0/24"}`), at(-6, `DeleteRoute {"routeTableId":"rtb-x","destinationCidrBlock":"10.3.0.0/16"}`)},
			stops: "route rtb-d", by: "DeleteRoute",
			restore: "aws ec2 create-route --route-table-id rtb-d --destination-cidr-block 10.3.0.0/24 --vpc-peering-connection-id pcx-1",
		},
		{
			name: "the route was turned to the internet", change: func(f *Facts) { f.World.Networks[0].Subnets[0].Routes[0].Target = "nat-1" },
			trail: []Change{
				at(-5, `ReplaceRoute {"routeTableId":"rtb-d","destinationCidrBlock":"10.3.0.0/16","natGatewayId":"nat-1"}`),
				at(-9, `CreateRoute {"routeTableId":"rtb-d","destinationCidrBlock":"10.3.0.0/16","vpcPeeringConnectionId":"pcx-1"}`),
			},
			stops: "route rtb-d", by: "ReplaceRoute",
			restore: "aws ec2 replace-route --route-table-id rtb-d --destination-cidr-block 10.3.0.0/16 --vpc-peering-connection-id pcx-1",
		},
		{
			name: "the answer has no route", change: func(f *Facts) { f.World.Networks[1].Subnets[0].Routes = nil },
			stops: "route back rtb-f", restore: "aws ec2 create-route --route-table-id rtb-f --destination-cidr-block 10.2.0.0/16 --vpc-peering-connection-id pcx-1",
		},
		{
			name: "the connection was deleted", change: func(f *Facts) {
				f.World.Peerings[0].Active, f.Gates[0].State = false, "deleted"
				f.World.Networks[0].Subnets[0].Routes[0].Blackhole = true
			},
			trail: []Change{at(-5, `DeleteVpcPeeringConnection {"vpcPeeringConnectionId":"pcx-1"}`)},
			stops: "route rtb-d", by: "DeleteVpcPeeringConnection", restore: "aws ec2 create-vpc-peering-connection --vpc-id vpc-d --peer-vpc-id vpc-f",
		},
		{
			name: "nobody accepted the connection", change: func(f *Facts) { f.World.Peerings[0].Active, f.Gates[0].State = false, "pending-acceptance" },
			stops: "peering connection pcx-1", restore: "aws ec2 accept-vpc-peering-connection --vpc-peering-connection-id pcx-1",
		},
		{
			name: "a permission was revoked", change: func(f *Facts) { f.World.Networks[0].Groups[0].Rules = nil },
			trail: []Change{at(-5, `RevokeSecurityGroupEgress {"groupId":"sg-d","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":445,"toPort":445,"ipRanges":{"items":[{"cidrIp":"10.3.0.0/16"}]}}]}}`)},
			stops: "security group, out sg-d", by: "RevokeSecurityGroupEgress",
			restore: "aws ec2 authorize-security-group-egress --group-id sg-d --ip-permissions 'IpProtocol=tcp,FromPort=445,ToPort=445,IpRanges=[{CidrIp=10.3.0.0/16}]'",
		},
		{
			name: "a permission is missing, and another was revoked", change: func(f *Facts) { f.World.Networks[0].Groups[0].Rules = nil },
			trail: []Change{at(-5, `RevokeSecurityGroupEgress {"groupId":"sg-d","ipPermissions":[{"ipProtocol":"tcp","fromPort":22,"toPort":22,"ipRanges":[{"cidrIp":"10.3.0.0/16"}]}]}`)},
			stops: "security group, out sg-d", restore: "aws ec2 authorize-security-group-egress --group-id sg-d --ip-permissions 'IpProtocol=tcp,FromPort=445,ToPort=445,IpRanges=[{CidrIp=10.3.0.10/32}]'",
		},
		{
			name: "an entry denies", change: func(f *Facts) {
				f.World.Networks[1].Subnets[0].Entries = append([]netpath.Entry{{Number: 50, Protocol: netpath.TCP, From: 445, To: 445, Prefix: netip.MustParsePrefix("10.0.0.0/8")}}, f.World.Networks[1].Subnets[0].Entries...)
			},
			trail: []Change{at(-5, `CreateNetworkAclEntry {"networkAclId":"acl-f","ruleNumber":50,"aclProtocol":"6","ruleAction":"deny","egress":false}`)},
			stops: "network ACL, in acl-f", by: "CreateNetworkAclEntry", restore: "aws ec2 delete-network-acl-entry --network-acl-id acl-f --rule-number 50 --ingress",
		},
		{
			name: "the entry that allowed was deleted", change: func(f *Facts) { f.World.Networks[1].Subnets[0].Entries = f.World.Networks[1].Subnets[0].Entries[1:] },
			trail: []Change{
				at(-5, `DeleteNetworkAclEntry {"networkAclId":"acl-f","ruleNumber":90,"egress":false}`),
				at(-9, `CreateNetworkAclEntry {"networkAclId":"acl-f","ruleNumber":90,"protocol":"6","ruleAction":"allow","egress":false,"cidrBlock":"10.2.0.0/16","portRange":{"from":400,"to":500}}`),
			},
			stops: "network ACL, in acl-f", by: "DeleteNetworkAclEntry",
			restore: "aws ec2 create-network-acl-entry --network-acl-id acl-f --rule-number 90 --ingress --rule-action allow --protocol 6 --cidr-block 10.2.0.0/16 --port-range From=400,To=500",
		},
		{
			name: "the answer is not allowed in", change: func(f *Facts) { f.World.Networks[0].Subnets[0].Entries = f.World.Networks[0].Subnets[0].Entries[1:] },
			stops:   "network ACL, in acl-d",
			restore: "aws ec2 create-network-acl-entry --network-acl-id acl-d --rule-number 100 --ingress --rule-action allow --protocol 6 --cidr-block 10.3.0.10/32 --port-range From=1024,To=65535",
		},
		{name: "outside by a NAT gateway", change: to("192.0.2.80")},
		{
			name: "the NAT gateway was deleted", change: func(f *Facts) { to("192.0.2.80")(f); f.Gates[1].State = "deleted" },
			trail: []Change{at(-5, `DeleteNatGateway {"DeleteNatGatewayRequest":{"NatGatewayId":"nat-1"}}`)},
			stops: "NAT gateway nat-1", by: "DeleteNatGateway",
		},
		{name: "a private address that only the internet is left for", change: to("10.77.0.1"), stops: "route rtb-d"},
		{name: "one tunnel of the VPN is up", change: to("10.9.0.5")},
		{
			name: "both tunnels are down", change: func(f *Facts) {
				to("10.9.0.5")(f)
				f.Gates[3].Tunnels = []Tunnel{{Outside: "192.0.2.1", Since: noon.Add(-time.Hour)}, {Outside: "192.0.2.2", Since: noon.Add(-time.Minute)}}
			},
			stops: "VPN tunnel vpn-1",
		},
		{
			name: "another site's tunnel is up, and the narrowest static route decides", change: func(f *Facts) { to("10.9.0.5")(f); f.Gates[3].Tunnels[1].Up = false; sites(f) },
			stops: "VPN tunnel vpn-2",
		},
		{name: "who learns by BGP may carry it", change: func(f *Facts) { to("10.9.0.5")(f); sites(f); f.Gates[3].Static = false }},
		{
			name: "the static route was deleted, and the table's was made by hand", change: func(f *Facts) { to("10.9.0.5")(f); sites(f); f.Gates[4].Ranges, f.Gates[5].Ranges = nil, nil },
			trail: []Change{
				at(-4, `DeleteVpnConnectionRoute {"vpnConnectionId":"vpn-other","destinationCidrBlock":"10.9.0.0/24"}`),
				at(-5, `DeleteVpnConnectionRoute {"vpnConnectionId":"vpn-2","destinationCidrBlock":"10.9.0.0/24"}`),
			},
			stops: "VPN vgw-1", by: "DeleteVpnConnectionRoute", restore: "aws ec2 create-vpn-connection-route --vpn-connection-id vpn-2 --destination-cidr-block 10.9.0.0/24",
		},
		{
			name: "what no connection has a static route to was propagated, so something else announced it", change: func(f *Facts) {
				to("10.9.0.5")(f)
				sites(f)
				f.Gates[4].Ranges, f.Gates[5].Ranges = nil, nil
				f.parts.tables = []ec2types.RouteTable{{RouteTableId: aws.String("rtb-d"), Routes: []ec2types.Route{{DestinationCidrBlock: aws.String("10.9.0.0/16"), Origin: ec2types.RouteOriginEnableVgwRoutePropagation}}}}
			},
		},
		{
			name: "propagation was turned off", change: func(f *Facts) { to("10.9.0.5")(f); sites(f); f.World.Networks[0].Subnets[0].Routes = nil },
			trail: []Change{
				at(-3, `DisableVgwRoutePropagation {"routeTableId":"rtb-d","gatewayId":"vgw-other"}`), at(-4, `DisableVgwRoutePropagation {"routeTableId":"rtb-x","gatewayId":"vgw-1"}`),
				at(-5, `DisableVgwRoutePropagation {"routeTableId":"rtb-d","gatewayId":"vgw-1"}`),
			},
			stops: "route rtb-d", by: "DisableVgwRoutePropagation", restore: "aws ec2 enable-vgw-route-propagation --route-table-id rtb-d --gateway-id vgw-1",
		},
		{
			name: "the static route was deleted, and propagation took it out of the table", change: func(f *Facts) {
				to("10.9.0.5")(f)
				sites(f)
				f.Gates[4].Ranges, f.Gates[5].Ranges, f.World.Networks[0].Subnets[0].Routes = nil, nil, nil
				f.parts.tables = []ec2types.RouteTable{{RouteTableId: aws.String("rtb-d"), PropagatingVgws: []ec2types.PropagatingVgw{{GatewayId: aws.String("vgw-1")}}}}
			},
			trail: []Change{at(-5, `DeleteVpnConnectionRoute {"vpnConnectionId":"vpn-2","destinationCidrBlock":"10.9.0.0/24"}`)},
			stops: "route rtb-d", by: "DeleteVpnConnectionRoute", restore: "aws ec2 create-vpn-connection-route --vpn-connection-id vpn-2 --destination-cidr-block 10.9.0.0/24",
		},
		{name: "the VPN gateway was detached", change: func(f *Facts) { to("10.9.0.5")(f); f.Gates[2].Network = ""; f.Gates[2].State = "detached" }, stops: "VPN vgw-1", restore: "aws ec2 attach-vpn-gateway --vpn-gateway-id vgw-1 --vpc-id vpc-d"},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := office()
			row.change(f)
			p := judge(f)
			stops, by, restore := "", "", ""
			if p.Broken != nil {
				p.explain(row.trail)
				stops = p.Broken.What + " " + p.Broken.ID
				if p.Broken.Change != nil {
					by = p.Broken.Change.Event
				}
				for _, m := range p.Broken.Restore {
					restore += m.Command()
				}
			}
			if stops != row.stops || by != row.by || restore != row.restore {
				t.Errorf("want %q by %q\n%s\ngot %q by %q\n%s", row.stops, row.by, row.restore, stops, by, restore)
			}
			for _, lang := range []report.Lang{report.English, report.Japanese} {
				var b strings.Builder
				if err := (sheet{Plan: p, zone: time.UTC}).Write(&b, lang); err != nil || strings.Contains(b.String(), "{name}") || !strings.Contains(b.String(), restore) {
					t.Errorf("%s: %v\n%s", lang, err, b.String())
				}
			}
			for _, s := range p.Steps {
				if hops[s.What].En == "" {
					t.Errorf("%q has no name for people", s.What)
				}
			}
		})
	}
}

// sites puts more connections with static routes at the VPN gateway: vpn-2 has the
// narrowest to 10.9.0.5, and is down.
func sites(f *Facts) {
	p := netip.MustParsePrefix
	f.Gates[3].Static = true
	f.Gates = append(f.Gates,
		Gate{ID: "vpn-2", State: "available", Behind: "vgw-1", Static: true, Ranges: []netip.Prefix{p("10.9.0.0/24")}, Tunnels: []Tunnel{{Outside: "192.0.2.3"}, {Outside: "192.0.2.4"}}},
		Gate{ID: "vpn-3", State: "available", Behind: "vgw-1", Static: true, Ranges: []netip.Prefix{p("10.9.0.0/16")}, Tunnels: []Tunnel{{Outside: "192.0.2.5", Up: true}}},
	)
}

func TestATunnelsFallIsTheSince(t *testing.T) {
	f := office()
	to("10.9.0.5")(f)
	f.Gates[3].Tunnels = []Tunnel{{Outside: "192.0.2.1", Since: noon.Add(-time.Hour)}, {Outside: "192.0.2.2", Since: noon.Add(-time.Minute)}}
	p := judge(f)
	p.explain(nil)
	if want := noon.Add(-time.Minute); !p.Broken.Since.Equal(want) {
		t.Errorf("want since %s, got %s", want, p.Broken.Since)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("DeleteRoute", `{"requestParameters":{"routeTableId":"rtb-d","destinationCidrBlock":"10.3.0.0/16"}}`)
	f.Add("RevokeSecurityGroupIngress", `{"requestParameters":{"groupId":"sg-d","ipPermissions":{"items":[{"ipRanges":{"items":[{"cidrIp":"10.2.1.9/32"}]}}]}}}`)
	f.Add("DeleteNatGateway", `{"requestParameters":{"DeleteNatGatewayRequest":{"NatGatewayId":"nat-1"}}}`)
	f.Add("DeleteNetworkAclEntry", `{"requestParameters":{"networkAclId":"acl-f","ruleNumber":"x"}}`)
	f.Fuzz(func(t *testing.T, name, record string) {
		c, ok := parse(name, record, noon)
		if !ok {
			return
		}
		for _, change := range []func(*Facts){
			func(f *Facts) { f.World.Networks[0].Subnets[0].Routes = nil },
			func(f *Facts) { f.World.Networks[0].Groups[0].Rules = nil },
			func(f *Facts) { f.World.Networks[1].Subnets[0].Entries = nil },
		} {
			facts := office()
			change(facts)
			p := judge(facts)
			p.explain([]Change{c})
			if l, err := p.lost(); err == nil {
				t.Errorf("want no plan of one record alone, got %+v", l)
			}
			if p.Broken == nil {
				t.Error("want it broken whatever the trail says")
			}
		}
	})
}
