package netpath

import (
	"net/netip"
	"testing"
)

var open = []Entry{
	{Number: 100, Protocol: Any, Allow: true, Prefix: netip.MustParsePrefix("0.0.0.0/0")},
	{Number: 100, Egress: true, Protocol: Any, Allow: true, Prefix: netip.MustParsePrefix("0.0.0.0/0")},
}

// office is the desktops' network, joined with that of the file server.
func office() *World {
	p := netip.MustParsePrefix
	return &World{
		Networks: []Network{
			{
				ID: "vpc-desktops", Blocks: []netip.Prefix{p("10.2.0.0/16")},
				Subnets: []Subnet{
					{ID: "subnet-a", Prefix: p("10.2.1.0/24"), Table: "rtb-a", ACL: "acl-a", Entries: open, Routes: []Route{
						{Prefix: p("10.3.0.0/16"), Target: "pcx-1"}, {Prefix: p("10.0.0.0/8"), Target: "vgw-1", Blackhole: true}, {Prefix: p("0.0.0.0/0"), Target: "nat-1"},
					}},
					{ID: "subnet-b", Prefix: p("10.2.2.0/24"), Table: "rtb-a", ACL: "acl-b", Entries: open},
				},
				Groups: []Group{{"sg-desktops", []Rule{{ID: "sgr-out", Egress: true, Protocol: Any, Prefix: p("0.0.0.0/0")}}}},
			},
			{
				ID: "vpc-files", Blocks: []netip.Prefix{p("10.3.0.0/16")},
				Subnets: []Subnet{{ID: "subnet-f", Prefix: p("10.3.0.0/24"), Table: "rtb-f", ACL: "acl-f", Entries: open, Routes: []Route{{Prefix: p("10.2.0.0/16"), Target: "pcx-1"}}}},
				Groups:  []Group{{"sg-files", []Rule{{ID: "sgr-smb", Protocol: TCP, From: 445, To: 445, Prefix: p("10.2.0.0/16")}}}},
			},
		},
		Peerings: []Peering{{ID: "pcx-1", A: "vpc-desktops", B: "vpc-files", Active: true}},
	}
}

// overTransit joins the networks by a transit gateway instead.
func overTransit(w *World) {
	p := netip.MustParsePrefix
	w.Transits = []Transit{{
		ID: "tgw-1", Attachments: []Attachment{{"tgw-attach-1", "vpc-desktops", "tgw-rtb-1"}, {"tgw-attach-2", "vpc-files", "tgw-rtb-1"}},
		Tables: []TransitTable{{"tgw-rtb-1", []Route{{Prefix: p("10.2.0.0/16"), Target: "tgw-attach-1"}, {Prefix: p("10.3.0.0/16"), Target: "tgw-attach-2"}}}},
	}}
	w.Networks[0].Subnets[0].Routes[0].Target, w.Networks[1].Subnets[0].Routes[0].Target = "tgw-1", "tgw-1"
}

func smb() Packet {
	return Packet{
		From: End{netip.MustParseAddr("10.2.1.9"), []string{"sg-desktops"}}, To: End{netip.MustParseAddr("10.3.0.10"), []string{"sg-files"}}, Protocol: TCP, Port: 445,
	}
}

func TestTheFirstBrokenHopIsNamed(t *testing.T) {
	to := func(a string) func(*World, *Packet) {
		return func(_ *World, p *Packet) { p.To = End{Address: netip.MustParseAddr(a)} }
	}
	for _, row := range []struct {
		name   string
		change func(w *World, p *Packet)
		want   string // "" arrives
	}{
		{"all is well", func(*World, *Packet) {}, ""},
		{
			"the route was deleted, and a wider one is a black hole", func(w *World, _ *Packet) { w.Networks[0].Subnets[0].Routes = w.Networks[0].Subnets[0].Routes[1:] },
			"STOP route rtb-a: 10.0.0.0/8 -> vgw-1 is a black hole",
		},
		{
			"the route was deleted, and what is left leads to the internet", func(w *World, _ *Packet) { w.Networks[0].Subnets[0].Routes = w.Networks[0].Subnets[0].Routes[2:] },
			"STOP route rtb-a: 0.0.0.0/0 -> nat-1 leads out, not to vpc-files",
		},
		{
			"the route was deleted, and a wider one leads to a VPN", func(w *World, _ *Packet) {
				w.Networks[0].Subnets[0].Routes = w.Networks[0].Subnets[0].Routes[1:]
				w.Networks[0].Subnets[0].Routes[0].Blackhole = false
			},
			"STOP route rtb-a: 10.0.0.0/8 -> vgw-1 leads out, not to vpc-files",
		},
		{"no route is left", func(w *World, _ *Packet) { w.Networks[0].Subnets[0].Routes = nil }, "STOP route rtb-a: no route to 10.3.0.10"},
		{"the connection is gone", func(w *World, _ *Packet) { w.Peerings[0].Active = false }, "STOP peering connection pcx-1: it is not active"},
		{
			"the connection leads elsewhere", func(w *World, _ *Packet) { w.Peerings[0].B = "vpc-other" },
			"STOP peering connection pcx-1: the address is not in the network that it leads to",
		},
		{"there is no route back", func(w *World, _ *Packet) { w.Networks[1].Subnets[0].Routes = nil }, "STOP route back rtb-f: no route to 10.2.1.9"},
		{"the port is not permitted", func(_ *World, p *Packet) { p.Port = 139 }, "STOP security group, in sg-files: no rule permits tcp/139 from 10.2.1.9 to 10.3.0.10"},
		{"the protocol is not permitted", func(_ *World, p *Packet) { p.Protocol = UDP }, "STOP security group, in sg-files: no rule permits udp/445 from 10.2.1.9 to 10.3.0.10"},
		{"nothing may leave", func(w *World, _ *Packet) { w.Networks[0].Groups[0].Rules = nil }, "STOP security group, out sg-desktops: no rule permits tcp/445 from 10.2.1.9 to 10.3.0.10"},
		{"a group is the peer", func(w *World, _ *Packet) {
			w.Networks[1].Groups[0].Rules[0] = Rule{ID: "sgr-smb", Protocol: TCP, From: 445, To: 445, Group: "sg-desktops"}
		}, ""},
		{"a lower entry denies", func(w *World, _ *Packet) {
			w.Networks[1].Subnets[0].Entries = append([]Entry{{Number: 90, Protocol: TCP, From: 445, To: 445, Prefix: netip.MustParsePrefix("10.2.0.0/16")}}, open...)
		}, "STOP network ACL, in acl-f: 90 deny tcp/445 10.2.0.0/16"},
		{"the answer is denied", func(w *World, _ *Packet) {
			w.Networks[0].Subnets[0].Entries = []Entry{open[1], {Number: 50, Protocol: TCP, Allow: true, From: 443, To: 443, Prefix: netip.MustParsePrefix("0.0.0.0/0")}}
		}, "STOP network ACL, in acl-a: no entry allows it"},
		{"some ports of the answer are denied", func(w *World, _ *Packet) {
			w.Networks[0].Subnets[0].Entries = append([]Entry{{Number: 10, Protocol: TCP, From: 3389, To: 3389, Prefix: netip.MustParsePrefix("0.0.0.0/0")}}, open...)
		}, "STOP network ACL, in acl-a: 10 deny tcp/3389 0.0.0.0/0"},
		{"over a transit gateway", func(w *World, _ *Packet) { overTransit(w) }, ""},
		{
			"the transit gateway has no route", func(w *World, _ *Packet) { overTransit(w); w.Transits[0].Tables[0].Routes = nil },
			"STOP route, transit gateway tgw-rtb-1: no route to 10.3.0.10",
		},
		{
			"the transit gateway's route is a black hole", func(w *World, _ *Packet) { overTransit(w); w.Transits[0].Tables[0].Routes[1].Blackhole = true },
			"STOP route, transit gateway tgw-rtb-1: 10.3.0.0/16 -> tgw-attach-2 is a black hole",
		},
		{
			"the transit gateway sends it elsewhere", func(w *World, _ *Packet) { overTransit(w); w.Transits[0].Tables[0].Routes[1].Target = "tgw-attach-1" },
			"STOP transit gateway tgw-1: the address is not in the network that tgw-attach-1 leads to",
		},
		{
			"what comes from the attachment goes nowhere", func(w *World, _ *Packet) { overTransit(w); w.Transits[0].Attachments[0].Table = "" },
			"STOP transit gateway tgw-1: tgw-attach-1 is associated with no route table",
		},
		{
			"the transit gateway has no way back", func(w *World, _ *Packet) { overTransit(w); w.Transits[0].Attachments[1].Table = "" },
			"STOP transit gateway tgw-1: tgw-attach-2 is associated with no route table",
		},
		{
			"the network is not attached", func(w *World, _ *Packet) { overTransit(w); w.Transits[0].Attachments = w.Transits[0].Attachments[1:] },
			"STOP transit gateway tgw-1: vpc-desktops is not attached",
		},
		{"a VPN at the transit gateway leads outside", func(w *World, p *Packet) {
			overTransit(w)
			w.Transits[0].Attachments[1].Network = ""
			w.Networks[1].Subnets = nil
		}, ""},
		{"another subnet of the network", to("10.2.2.7"), ""},
		{"the same subnet asks no list", func(w *World, p *Packet) {
			w.Networks[0].Subnets[0].Entries = nil
			p.To = End{Address: netip.MustParseAddr("10.2.1.8")}
		}, ""},
		{"the internet by a NAT gateway", to("192.0.2.1"), ""},
		{"an address of the network that no subnet has", to("10.2.9.1"), "STOP route rtb-a: 10.2.0.0/16 -> local, where no subnet has the address"},
		{"a stranger asks", func(_ *World, p *Packet) { p.From.Address = netip.MustParseAddr("203.0.113.1") }, "STOP address 203.0.113.1: it is in no known subnet"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w, p := office(), smb()
			row.change(w, &p)
			path := Find(w, p)
			step, broken := path.Broken()
			if broken != (row.want != "") || broken && step.String() != row.want {
				t.Errorf("got %s\nwant %q", path, row.want)
			}
			for i, s := range path {
				if !s.Passes && i != len(path)-1 {
					t.Errorf("steps after %s", s)
				}
			}
		})
	}
}
