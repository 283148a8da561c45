package vpc

import (
	"net/netip"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/store"
)

// Address is an Elastic IP address. What has it is said by that alone: Interface
// is only where it was given last.
type Address struct {
	Head
	Public    string
	Interface string `json:",omitempty"`
}

var addressTable = store.Table[Address]{Name: "ec2.addresses", Reach: store.Regional, Key: func(a *Address) string { return a.ID }}

var addressNoun = noun[Address]{
	table: &addressTable, prefix: "eipalloc", arn: "elastic-ip", code: "InvalidAllocationID.", text: "The allocation ID '%s' does not exist",
	head: func(a *Address) *Head { return &a.Head }, facts: addressFacts,
}

// holder is what has an address: the interface of a desktop, or without a seat
// that of a NAT gateway.
type holder struct {
	association, eni, private string
	seat                      *Interface
}

// holder is what has the address; nil if nothing does.
func (a *Address) holder(l look) (*holder, error) {
	if a.Interface != "" {
		i, err := interfaceNoun.get(l, a.Interface)
		if err := unlessModelled(err); err != nil {
			return nil, err
		}
		if i != nil && i.Allocation == a.ID {
			return &holder{i.Association, i.ID, i.Address, i}, nil
		}
	}
	all, err := natNoun.all(l)
	for _, g := range all {
		if g.Allocation == a.ID && g.DeletedAt.IsZero() {
			return &holder{g.Association, g.Interface, g.Address, nil}, nil
		}
	}
	return nil, err
}

func addressFacts(l look, a *Address, filter string) ([]string, bool, error) {
	switch filter {
	case "allocation-id":
		return []string{a.ID}, true, nil
	case "public-ip":
		return []string{a.Public}, true, nil
	case "domain":
		return []string{"vpc"}, true, nil
	case "network-border-group":
		return []string{l.sc.Region}, true, nil
	case "instance-id":
		return nil, true, nil
	case "association-id", "network-interface-id", "private-ip-address", "network-interface-owner-id":
		h, err := a.holder(l)
		if h == nil {
			return nil, true, err
		}
		return []string{map[string]string{
			"association-id": h.association, "network-interface-id": h.eni, "private-ip-address": h.private, "network-interface-owner-id": l.sc.Account,
		}[filter]}, true, nil
	}
	return nil, false, nil
}

func (a *Address) describe(l look) (types.Address, error) {
	out := types.Address{
		AllocationId: &a.ID, PublicIp: &a.Public, Domain: types.DomainTypeVpc, NetworkBorderGroup: &l.sc.Region, PublicIpv4Pool: new("amazon"), Tags: tagList(a.Tags),
	}
	h, err := a.holder(l)
	if h != nil {
		out.AssociationId, out.NetworkInterfaceId, out.PrivateIpAddress, out.NetworkInterfaceOwnerId = &h.association, &h.eni, &h.private, &l.sc.Account
	}
	return out, err
}

// fresh finds a public address: one of 198.18.0.0/15, a range that nobody has
// (RFC 2544), for nothing behind the plane is on the internet.
func (s *Service) fresh(l look) (string, error) {
	all, err := addressNoun.all(l)
	if err != nil {
		return "", err
	}
	taken := map[string]bool{}
	for _, a := range all {
		taken[a.Public] = true
	}
	connections, err := vpnConnectionNoun.all(l)
	if err != nil {
		return "", err
	}
	for _, c := range connections {
		for n := range tunnels {
			taken[c.outside(n)] = true
		}
	}
	for range 64 {
		b := s.ids.Bytes(3)
		text := netip.AddrFrom4([4]byte{198, 18 | b[0]&1, b[1], b[2]}).String()
		if !taken[text] && !strings.HasSuffix(text, ".0") && !strings.HasSuffix(text, ".255") {
			return text, nil
		}
	}
	return "", fault("InsufficientAddressCapacity", "There are no free addresses.")
}
