package vpc

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// search asks for routes by how their ranges lie to others: of each kind that is
// asked, at least one range (EC2 API Reference, SearchTransitGatewayRoutes).
type search map[string][]netip.Prefix

// searchOf takes the filters that begin with route-search out of the others.
func searchOf(filters []types.Filter) (search, []types.Filter, error) {
	asked, others := search{}, []types.Filter{}
	for _, f := range filters {
		kind, ok := strings.CutPrefix(text(f.Name), "route-search.")
		if !ok {
			others = append(others, f)
			continue
		}
		asked[kind] = []netip.Prefix{}
		for _, v := range f.Values {
			given := v
			if kind == "longest-prefix-match" && !strings.Contains(v, "/") {
				given += "/32"
			}
			p, err := block(given, "filter "+*f.Name)
			if err != nil {
				return nil, nil, badValue(v, "filter "+*f.Name, "This is not a valid CIDR block.")
			}
			asked[kind] = append(asked[kind], p)
		}
	}
	return asked, others, nil
}

// finds tells whether a range of the routes is one that is asked for.
func (s search) finds(p netip.Prefix, all []TransitRoute) bool {
	for kind, ranges := range s {
		found := slices.ContainsFunc(ranges, func(asked netip.Prefix) bool {
			switch kind {
			case "exact-match":
				return p == asked
			case "subnet-of-match":
				return within(asked, p)
			case "supernet-of-match":
				return within(p, asked)
			default: // longest-prefix-match
				return within(p, asked) && !slices.ContainsFunc(all, func(o TransitRoute) bool {
					other := prefixOf(o.CIDR)
					return other.Bits() > p.Bits() && within(other, asked)
				})
			}
		})
		if !found {
			return false
		}
	}
	return true
}

// compare orders ranges by their addresses, the wider first.
func compare(a, b netip.Prefix) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
}
