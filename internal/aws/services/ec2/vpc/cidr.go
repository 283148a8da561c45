package vpc

import (
	"net/netip"
	"slices"
)

// Sizes of networks and subnets (VPC User Guide, "VPC CIDR blocks").
const (
	widest    = 16
	narrowest = 28
)

// reserved is how many addresses of a subnet AWS keeps: the first four and the
// last one (VPC User Guide, "Subnet CIDR blocks").
const reserved = 5

// kept are the ranges that no network can have: this host, loopback, link-local
// and multicast (VPC User Guide, "IPv4 CIDR block association restrictions").
var kept = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("224.0.0.0/4"),
}

// block reads a range of IPv4 addresses. Bits beyond its length are dropped, as
// AWS does.
func block(text, parameter string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(text)
	if err != nil || !p.Addr().Is4() {
		return netip.Prefix{}, badValue(text, parameter, "This is not a valid CIDR block.")
	}
	return p.Masked(), nil
}

// vpcBlock reads the range of a network.
func vpcBlock(text string) (netip.Prefix, error) {
	p, err := block(text, "cidrBlock")
	if err != nil {
		return p, err
	}
	if p.Bits() < widest || p.Bits() > narrowest || slices.ContainsFunc(kept, p.Overlaps) {
		return p, fault("InvalidVpc.Range", "The CIDR '%s' is invalid.", text)
	}
	return p, nil
}

// subnetBlock reads the range of a subnet, which has to lie in one of the
// network's and to leave the other subnets alone.
func subnetBlock(text string, v *VPC, others []*Subnet) (netip.Prefix, error) {
	p, err := block(text, "cidrBlock")
	if err != nil {
		return p, err
	}
	if p.Bits() < widest || p.Bits() > narrowest || !v.holds(p) {
		return p, fault("InvalidSubnet.Range", "The CIDR '%s' is invalid.", text)
	}
	for _, o := range others {
		if o.prefix().Overlaps(p) {
			return p, fault("InvalidSubnet.Conflict", "The CIDR '%s' conflicts with another subnet", text)
		}
	}
	return p, nil
}

// within tells whether a range lies in another.
func within(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// addresses is how many addresses a range has.
func addresses(p netip.Prefix) int { return 1 << (32 - p.Bits()) }

// prefixOf reads a range that was checked before it was stored.
func prefixOf(text string) netip.Prefix {
	p, _ := netip.ParsePrefix(text)
	return p
}
