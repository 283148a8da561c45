package vpc

import (
	"net/netip"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/store"
)

// Address is an Elastic IP address. What has it is said by that alone.
type Address struct {
	Head
	Public string
}

var addressTable = store.Table[Address]{Name: "ec2.addresses", Reach: store.Regional, Key: func(a *Address) string { return a.ID }}

var addressNoun = noun[Address]{
	table: &addressTable, prefix: "eipalloc", arn: "elastic-ip", code: "InvalidAllocationID.", text: "The allocation ID '%s' does not exist",
	head: func(a *Address) *Head { return &a.Head }, facts: addressFacts,
}

// holder is the NAT gateway that has an address; nil if none does.
func (a *Address) holder(l look) (*NATGateway, error) {
	all, err := natNoun.all(l)
	for _, g := range all {
		if g.Allocation == a.ID && g.DeletedAt.IsZero() {
			return g, nil
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
		g, err := a.holder(l)
		if g == nil {
			return nil, true, err
		}
		return []string{map[string]string{
			"association-id": g.Association, "network-interface-id": g.Interface, "private-ip-address": g.Address, "network-interface-owner-id": l.sc.Account,
		}[filter]}, true, nil
	}
	return nil, false, nil
}

func (a *Address) describe(l look) (types.Address, error) {
	out := types.Address{
		AllocationId: &a.ID, PublicIp: &a.Public, Domain: types.DomainTypeVpc, NetworkBorderGroup: &l.sc.Region, PublicIpv4Pool: new("amazon"), Tags: tagList(a.Tags),
	}
	g, err := a.holder(l)
	if g != nil {
		out.AssociationId, out.NetworkInterfaceId, out.PrivateIpAddress, out.NetworkInterfaceOwnerId = &g.Association, &g.Interface, &g.Address, &l.sc.Account
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
	for range 64 {
		b := s.ids.Bytes(3)
		text := netip.AddrFrom4([4]byte{198, 18 | b[0]&1, b[1], b[2]}).String()
		if !taken[text] && !strings.HasSuffix(text, ".0") && !strings.HasSuffix(text, ".255") {
			return text, nil
		}
	}
	return "", fault("InsufficientAddressCapacity", "There are no free addresses.")
}
