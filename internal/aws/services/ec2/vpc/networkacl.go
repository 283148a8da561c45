package vpc

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// NetworkACL is a list of what may cross the edge of subnets, in either
// direction and without memory of what went the other way.
type NetworkACL struct {
	Head
	VPC     string
	Default bool    `json:",omitempty"` // subnets without an association have it
	Entries []Entry `json:",omitempty"`
	Subnets []Guard `json:",omitempty"`
	Claim
}

// Entry decides about packets, if no entry of a lower number does.
type Entry struct {
	Number   int32
	Egress   bool   `json:",omitempty"`
	Protocol string // a number, or -1
	Allow    bool   `json:",omitempty"`
	CIDR     string `json:",omitempty"`
	CIDR6    string `json:",omitempty"`
	From     int32  `json:",omitempty"` // ports of TCP and UDP
	To       int32  `json:",omitempty"`
	ICMPType int32  `json:",omitempty"` // of ICMP; -1 is any
	ICMPCode int32  `json:",omitempty"`
}

// Guard puts a subnet behind the list.
type Guard struct {
	ID     string // aclassoc-...
	Subnet string
}

// lastEntry is the number of the entry that every list ends with.
const lastEntry = 32767

var networkACLs = store.Table[NetworkACL]{
	Name: "ec2.networkacls", Reach: store.Regional, Key: func(a *NetworkACL) string { return a.ID },
	Indexes: map[string]func(*NetworkACL) string{"vpc": func(a *NetworkACL) string { return a.VPC }},
}

var aclNoun = noun[NetworkACL]{
	table: &networkACLs, prefix: "acl", arn: "network-acl", code: "InvalidNetworkAclID.", text: "The networkAcl ID '%s' does not exist",
	head: func(a *NetworkACL) *Head { return &a.Head }, vpc: func(a *NetworkACL) string { return a.VPC }, facts: aclFacts,
}

func aclFacts(_ look, a *NetworkACL, filter string) (out []string, ok bool, err error) {
	switch filter {
	case "network-acl-id", "association.network-acl-id":
		return []string{a.ID}, true, nil
	case "vpc-id":
		return []string{a.VPC}, true, nil
	case "default":
		return []string{word(a.Default)}, true, nil
	case "association.association-id":
		for _, g := range a.Subnets {
			out = append(out, g.ID)
		}
		return out, true, nil
	case "association.subnet-id":
		for _, g := range a.Subnets {
			out = append(out, g.Subnet)
		}
		return out, true, nil
	}
	name, about := strings.CutPrefix(filter, "entry.")
	if !about {
		return nil, false, nil
	}
	for _, e := range a.Entries {
		values, known := e.facts(name)
		if !known {
			return nil, false, nil
		}
		out = append(out, values...)
	}
	return out, true, nil
}

// facts are what a filter of entries compares. A protocol is asked for by its
// number or by its word.
func (e Entry) facts(name string) ([]string, bool) {
	switch name {
	case "cidr":
		return given(e.CIDR), true
	case "ipv6-cidr":
		return given(e.CIDR6), true
	case "egress":
		return []string{word(e.Egress)}, true
	case "rule-number":
		return []string{number(e.Number)}, true
	case "rule-action":
		return []string{string(e.action())}, true
	case "protocol":
		return append(given(numbers[e.Protocol]), e.Protocol), true
	case "port-range.from", "port-range.to":
		if e.Protocol != "6" && e.Protocol != "17" {
			return nil, true
		}
		return []string{number(map[string]int32{"port-range.from": e.From, "port-range.to": e.To}[name])}, true
	case "icmp.type", "icmp.code":
		if e.Protocol != "1" && e.Protocol != "58" {
			return nil, true
		}
		return []string{number(map[string]int32{"icmp.type": e.ICMPType, "icmp.code": e.ICMPCode}[name])}, true
	}
	return nil, false
}

func number(n int32) string { return strconv.Itoa(int(n)) }

func (e Entry) action() types.RuleAction {
	if e.Allow {
		return types.RuleActionAllow
	}
	return types.RuleActionDeny
}

// entry is the place of an entry, or -1.
func (a *NetworkACL) entry(number int32, egress bool) int {
	return slices.IndexFunc(a.Entries, func(e Entry) bool { return e.Number == number && e.Egress == egress })
}

// insert adds an entry; they are in the order in which they decide.
func (a *NetworkACL) insert(e Entry) {
	a.Entries = append(a.Entries, e)
	slices.SortStableFunc(a.Entries, func(x, y Entry) int {
		if x.Egress != y.Egress {
			return cmp.Compare(word(y.Egress), word(x.Egress)) // those of what leaves first, as AWS lists them
		}
		return cmp.Compare(x.Number, y.Number)
	})
}

func (a *NetworkACL) describe(l look) types.NetworkAcl {
	out := types.NetworkAcl{
		NetworkAclId: &a.ID, VpcId: &a.VPC, OwnerId: &l.sc.Account, IsDefault: &a.Default, Tags: tagList(a.Tags),
		Associations: []types.NetworkAclAssociation{}, Entries: []types.NetworkAclEntry{},
	}
	for _, g := range a.Subnets {
		out.Associations = append(out.Associations, types.NetworkAclAssociation{NetworkAclAssociationId: new(g.ID), NetworkAclId: &a.ID, SubnetId: new(g.Subnet)})
	}
	for _, e := range a.Entries {
		one := types.NetworkAclEntry{
			RuleNumber: new(e.Number), Egress: new(e.Egress), Protocol: new(e.Protocol), RuleAction: e.action(), CidrBlock: api.Optional(e.CIDR), Ipv6CidrBlock: api.Optional(e.CIDR6),
		}
		switch e.Protocol {
		case "6", "17":
			one.PortRange = &types.PortRange{From: new(e.From), To: new(e.To)}
		case "1", "58":
			one.IcmpTypeCode = &types.IcmpTypeCode{Type: new(e.ICMPType), Code: new(e.ICMPCode)}
		}
		out.Entries = append(out.Entries, one)
	}
	return out
}

// listWith finds the list that has an association, and its place.
func listWith(l look, id string) (*NetworkACL, int, error) {
	all, err := aclNoun.all(l)
	for _, a := range all {
		if i := slices.IndexFunc(a.Subnets, func(g Guard) bool { return g.ID == id }); i >= 0 {
			return a, i, nil
		}
	}
	if err != nil {
		return nil, 0, err
	}
	return nil, 0, fault("InvalidAssociationID.NotFound", "The association ID '%s' does not exist", id)
}

// guard puts a new subnet behind the network's default list.
func (s *Service) guard(l look, n *Subnet) error {
	lists, err := aclNoun.in(l, n.VPC)
	for _, a := range lists {
		if a.Default {
			a.Subnets = append(a.Subnets, Guard{"aclassoc-" + s.ids.Hex(17), n.ID})
			return aclNoun.put(l, a)
		}
	}
	return err
}
