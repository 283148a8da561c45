package vpc

import (
	"net/netip"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/store"
)

// VPC is a virtual network.
type VPC struct {
	Head
	Blocks []Block // the first is the one that it was made with
	// DHCP is the id of its DHCP options.
	DHCP    string
	Tenancy string
	Default bool `json:",omitempty"`

	DNSSupport   bool `json:",omitempty"`
	DNSHostnames bool `json:",omitempty"`
	UsageMetrics bool `json:",omitempty"`
}

// Block is a range of a network's addresses.
type Block struct {
	ID   string // vpc-cidr-assoc-...
	CIDR string
}

var vpcs = store.Table[VPC]{Name: "ec2.vpcs", Reach: store.Regional, Key: func(v *VPC) string { return v.ID }}

var vpcNoun = noun[VPC]{
	table: &vpcs, prefix: "vpc", arn: "vpc", code: "InvalidVpcID.", text: "The vpc ID '%s' does not exist",
	head: func(v *VPC) *Head { return &v.Head }, facts: vpcFacts,
}

func vpcFacts(_ look, v *VPC, filter string) ([]string, bool, error) {
	var out []string
	switch filter {
	case "vpc-id":
		out = []string{v.ID}
	case "cidr", "cidrBlock", "cidr-block":
		out = []string{v.Blocks[0].CIDR}
	case "cidr-block-association.cidr-block":
		for _, b := range v.Blocks {
			out = append(out, b.CIDR)
		}
	case "cidr-block-association.association-id":
		for _, b := range v.Blocks {
			out = append(out, b.ID)
		}
	case "cidr-block-association.state":
		out = []string{"associated"}
	case "dhcp-options-id", "dhcpOptionsId":
		out = []string{v.DHCP}
	case "is-default", "isDefault":
		out = []string{word(v.Default)}
	case "state":
		out = []string{"available"}
	case "ipv6-cidr-block-association.ipv6-cidr-block", "ipv6-cidr-block-association.ipv6-pool",
		"ipv6-cidr-block-association.association-id", "ipv6-cidr-block-association.state":
	default:
		return nil, false, nil
	}
	return out, true, nil
}

// holds tells whether a range is all in one of the network's.
func (v *VPC) holds(p netip.Prefix) bool {
	return slices.ContainsFunc(v.Blocks, func(b Block) bool { return within(prefixOf(b.CIDR), p) })
}

// overlaps tells whether two networks share addresses.
func (v *VPC) overlaps(p netip.Prefix) bool {
	return slices.ContainsFunc(v.Blocks, func(b Block) bool { return prefixOf(b.CIDR).Overlaps(p) })
}

func (v *VPC) describe(l look) types.Vpc {
	out := types.Vpc{
		VpcId: &v.ID, OwnerId: &l.sc.Account, CidrBlock: &v.Blocks[0].CIDR, DhcpOptionsId: &v.DHCP, InstanceTenancy: types.Tenancy(v.Tenancy),
		IsDefault: &v.Default, State: types.VpcStateAvailable, Tags: tagList(v.Tags),
	}
	for _, b := range v.Blocks {
		out.CidrBlockAssociationSet = append(out.CidrBlockAssociationSet, b.describe(types.VpcCidrBlockStateCodeAssociated))
	}
	return out
}

func (b Block) describe(state types.VpcCidrBlockStateCode) types.VpcCidrBlockAssociation {
	return types.VpcCidrBlockAssociation{AssociationId: &b.ID, CidrBlock: &b.CIDR, CidrBlockState: &types.VpcCidrBlockState{State: state}}
}

// found makes a network with what AWS puts into every one: a main route table,
// a default network ACL and a default security group.
func (s *Service) found(l look, v *VPC, block netip.Prefix) error {
	v.ID = vpcNoun.newID(s)
	v.Blocks = []Block{{"vpc-cidr-assoc-" + s.ids.Hex(17), block.String()}}
	if v.DHCP == "" {
		id, err := s.defaultOptions(l)
		if err != nil {
			return err
		}
		v.DHCP = id
	}
	if err := vpcNoun.put(l, v); err != nil {
		return err
	}
	table := &RouteTable{Head: Head{ID: routeTableNoun.newID(s)}, VPC: v.ID}
	table.Associations = []Association{{ID: "rtbassoc-" + s.ids.Hex(17), Main: true}}
	if err := routeTableNoun.put(l, table); err != nil {
		return err
	}
	acl := &NetworkACL{Head: Head{ID: aclNoun.newID(s)}, VPC: v.ID, Default: true, Entries: []Entry{
		{Number: 100, Protocol: anyProtocol, Allow: true, CIDR: everywhere},
		{Number: lastEntry, Protocol: anyProtocol, CIDR: everywhere},
		{Number: 100, Egress: true, Protocol: anyProtocol, Allow: true, CIDR: everywhere},
		{Number: lastEntry, Egress: true, Protocol: anyProtocol, CIDR: everywhere},
	}}
	if err := aclNoun.put(l, acl); err != nil {
		return err
	}
	g := s.newGroup("default", "default VPC security group", v.ID)
	g.Rules = append(g.Rules, Rule{ID: "sgr-" + s.ids.Hex(17), Protocol: anyProtocol, From: -1, To: -1, Group: g.ID, GroupOwner: l.sc.Account})
	return groupNoun.put(l, g)
}
