package vpc

import (
	"net/netip"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// NATGateway lets machines without public addresses reach out.
type NATGateway struct {
	Head
	VPC, Subnet string
	Private     bool   `json:",omitempty"`
	Allocation  string `json:",omitempty"` // of a public one
	Association string `json:",omitempty"`
	Interface   string
	Address     string // in the subnet
	Public      string `json:",omitempty"`
	Claim
	CreatedAt time.Time
	DeletedAt time.Time `json:",omitzero"`
}

var natGateways = store.Table[NATGateway]{
	Name: "ec2.natgateways", Reach: store.Regional, Key: func(g *NATGateway) string { return g.ID },
	Indexes: map[string]func(*NATGateway) string{"vpc": func(g *NATGateway) string { return g.VPC }},
}

var natNoun = noun[NATGateway]{
	table: &natGateways, prefix: "nat", arn: "natgateway", code: "NatGateway", text: "NatGateway %s was not found",
	head: func(g *NATGateway) *Head { return &g.Head }, vpc: func(g *NATGateway) string { return g.VPC }, facts: natFacts,
	gone: func(g *NATGateway, now time.Time) bool {
		return !g.DeletedAt.IsZero() && now.Sub(g.DeletedAt) >= time.Hour
	},
}

func (g *NATGateway) state() types.NatGatewayState {
	if g.DeletedAt.IsZero() {
		return types.NatGatewayStateAvailable
	}
	return types.NatGatewayStateDeleted
}

func natFacts(_ look, g *NATGateway, filter string) ([]string, bool, error) {
	switch filter {
	case "nat-gateway-id":
		return []string{g.ID}, true, nil
	case "state":
		return []string{string(g.state())}, true, nil
	case "subnet-id":
		return []string{g.Subnet}, true, nil
	case "vpc-id":
		return []string{g.VPC}, true, nil
	}
	return nil, false, nil
}

func (g *NATGateway) describe() types.NatGateway {
	out := types.NatGateway{
		NatGatewayId: &g.ID, VpcId: &g.VPC, SubnetId: &g.Subnet, State: g.state(), CreateTime: &g.CreatedAt, ConnectivityType: types.ConnectivityTypePublic,
		Tags: tagList(g.Tags), NatGatewayAddresses: []types.NatGatewayAddress{{
			AllocationId: api.Optional(g.Allocation), AssociationId: api.Optional(g.Association), NetworkInterfaceId: &g.Interface, PrivateIp: &g.Address,
			PublicIp: api.Optional(g.Public), IsPrimary: new(true), Status: types.NatGatewayAddressStatusSucceeded,
		}},
	}
	if g.Private {
		out.ConnectivityType = types.ConnectivityTypePrivate
	}
	if !g.DeletedAt.IsZero() {
		out.DeleteTime = &g.DeletedAt
	}
	return out
}

// takes finds an address of a subnet: the one that is wanted, or the first that
// is free. It keeps in the subnet where to look the next time.
func (n *Subnet) takes(l look, wanted string) (string, error) {
	p := n.prefix()
	if wanted != "" {
		a, err := netip.ParseAddr(wanted)
		if err != nil || !p.Contains(a) {
			return "", fault("InvalidParameterValue", "Address %s does not fall within the subnet's address range", wanted)
		}
		taken, err := n.taken(l, a)
		if err == nil && (taken || n.keeps(a)) {
			err = fault("InvalidIPAddress.InUse", "Address %s is in use.", wanted)
		}
		return wanted, err
	}
	a, err := netip.ParseAddr(n.Next)
	if err != nil {
		a = p.Addr()
	}
	for ; p.Contains(a); a = a.Next() {
		taken, err := n.taken(l, a)
		if err != nil {
			return "", err
		}
		if taken || n.keeps(a) {
			continue
		}
		n.Next = a.Next().String()
		return a.String(), subnetNoun.put(l, n)
	}
	return "", errNoAddress
}

var errNoAddress = fault("InsufficientFreeAddressesInSubnet", "The specified subnet does not have enough free addresses to satisfy the request.")

// taken tells whether somebody has an address of the subnet.
func (n *Subnet) taken(l look, a netip.Addr) (bool, error) {
	there, err := interfaces.By(l.tx, l.sc, "place", placeOf(n.ID, a.String()), store.Page{Limit: 1})
	if err != nil || len(there) > 0 {
		return len(there) > 0, err
	}
	gateways, err := natNoun.in(l, n.VPC)
	return slices.ContainsFunc(gateways, func(g *NATGateway) bool {
		return g.Subnet == n.ID && g.DeletedAt.IsZero() && g.Address == a.String()
	}), err
}

// gives takes an address back.
func (n *Subnet) gives(l look, address string) error {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return err
	}
	if next, _ := netip.ParseAddr(n.Next); a.Less(next) { // else it is found from there on
		n.Next = address
		return subnetNoun.put(l, n)
	}
	return nil
}

// keeps tells whether AWS keeps an address of the subnet for itself.
func (n *Subnet) keeps(a netip.Addr) bool {
	p := n.prefix()
	first := p.Addr()
	for range reserved - 1 {
		if a == first {
			return true
		}
		first = first.Next()
	}
	return !p.Contains(a.Next())
}

// used are the addresses of the subnet that somebody has.
func (n *Subnet) used(l look) ([]string, error) {
	gateways, err := natNoun.in(l, n.VPC)
	var out []string
	for _, g := range gateways {
		if g.Subnet == n.ID && g.DeletedAt.IsZero() {
			out = append(out, g.Address)
		}
	}
	if err != nil {
		return nil, err
	}
	seated, err := interfaceNoun.in(l, n.VPC)
	for _, i := range seated {
		if i.Subnet == n.ID {
			out = append(out, i.Address)
		}
	}
	return out, err
}
