package vpc

import (
	"context"
	"net/netip"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// AssociateVpcCidrBlock gives a network a further range of addresses.
func (s *Service) AssociateVpcCidrBlock(ctx context.Context, in *ec2.AssociateVpcCidrBlockInput) (*ec2.AssociateVpcCidrBlockOutput, error) {
	if in.Ipv6CidrBlock != nil || in.Ipv6Pool != nil || yes(in.AmazonProvidedIpv6CidrBlock) || in.Ipv4IpamPoolId != nil || in.Ipv6IpamPoolId != nil || in.Ipv4NetmaskLength != nil || in.Ipv6NetmaskLength != nil || in.Ipv6CidrBlockNetworkBorderGroup != nil {
		return nil, fault("UnsupportedOperation", "IPv6 addresses and IPAM pools are not supported.")
	}
	if in.CidrBlock == nil {
		return nil, fault("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' must be provided.")
	}
	p, err := vpcBlock(*in.CidrBlock)
	if err != nil {
		return nil, err
	}
	b := Block{"vpc-cidr-assoc-" + s.ids.Hex(17), p.String()}
	err = s.change(ctx, func(l look) error {
		v, err := vpcNoun.get(l, text(in.VpcId))
		if err != nil {
			return err
		}
		if err := v.takes(l, p); err != nil {
			return err
		}
		v.Blocks = append(v.Blocks, b)
		return vpcNoun.put(l, v)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.AssociateVpcCidrBlockOutput{VpcId: in.VpcId, CidrBlockAssociation: new(b.describe(types.VpcCidrBlockStateCodeAssociated))}, nil
}

func (s *Service) associateVpcCidrBlockChecks(ctx context.Context, in *ec2.AssociateVpcCidrBlockInput) ([]api.Check, error) {
	return s.on(ctx, "AssociateVpcCidrBlock", thing{&vpcNoun, in.VpcId})
}

// offices are the ranges of RFC 1918.
var offices = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16")}

// The ranges that only some networks can have besides their first one.
var (
	benchmarks = netip.MustParsePrefix("198.19.0.0/16")
	defaults   = netip.MustParsePrefix("172.31.0.0/16")
	lowest     = netip.MustParsePrefix("10.0.0.0/16")
	low        = netip.MustParsePrefix("10.0.0.0/15")
)

// restricted tells whether AWS keeps a range from networks whose first range is
// where this one's is (VPC User Guide, "IPv4 CIDR block association
// restrictions").
func (v *VPC) restricted(p netip.Prefix) bool {
	first := prefixOf(v.Blocks[0].CIDR)
	for _, r := range offices {
		if r.Overlaps(p) && !r.Overlaps(first) {
			return true
		}
	}
	inLow := slices.ContainsFunc(v.Blocks, func(b Block) bool { return low.Overlaps(prefixOf(b.CIDR)) })
	return benchmarks.Overlaps(p) && !benchmarks.Overlaps(first) || defaults.Overlaps(p) && offices[1].Overlaps(first) || inLow && lowest.Overlaps(p)
}

// takes refuses a further range that the network cannot have: for where it lies,
// or because its addresses are somebody else's already.
func (v *VPC) takes(l look, p netip.Prefix) error {
	if v.restricted(p) {
		return fault("InvalidVpc.Range", "The CIDR '%s' is restricted. Use a CIDR from the same private address range as the current VPC CIDR, or use a publicly-routable CIDR. "+
			"For additional restrictions, see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html", p)
	}
	conflict := func(with string) error {
		return fault("InvalidVpc.Range", "The CIDR '%s' conflicts with %s.", p, with)
	}
	if v.overlaps(p) {
		return conflict("another CIDR block of the VPC")
	}
	tables, err := routeTableNoun.in(l, v.ID)
	for _, t := range tables {
		for _, r := range t.Routes {
			if within(p, prefixOf(r.CIDR)) {
				return conflict("the route to " + r.CIDR + " in " + t.ID)
			}
		}
	}
	if err != nil {
		return err
	}
	joined, err := peeringNoun.all(l)
	for _, c := range joined {
		if c.state(l.now) != peeringActive || !c.joins(l, v.ID) {
			continue
		}
		ranges, err := c.across(l, v.ID).ranges(l)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(ranges, func(r string) bool { return prefixOf(r).Overlaps(p) }) {
			return conflict("the other side of " + c.ID)
		}
	}
	return err
}
