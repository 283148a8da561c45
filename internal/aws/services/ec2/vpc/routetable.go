package vpc

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// RouteTable says where the traffic of subnets goes.
type RouteTable struct {
	Head
	VPC          string
	Associations []Association `json:",omitempty"`
	Routes       []Route       `json:",omitempty"` // those that were made; the network's own are not among them
	Propagating  []string      `json:",omitempty"` // VPN gateways whose routes appear by themselves
	Claim
}

// Association gives a route table to a subnet, or makes it the network's main
// one, which subnets without an association have.
type Association struct {
	ID     string
	Subnet string `json:",omitempty"`
	Main   bool   `json:",omitempty"`
}

// Route sends a range of addresses somewhere.
type Route struct {
	CIDR   string // IPv4
	Target string // the id of what it goes to: igw-, nat-, pcx-, vgw-, tgw-
}

var routeTables = store.Table[RouteTable]{
	Name: "ec2.routetables", Reach: store.Regional, Key: func(t *RouteTable) string { return t.ID },
	Indexes: map[string]func(*RouteTable) string{"vpc": func(t *RouteTable) string { return t.VPC }},
}

var routeTableNoun = noun[RouteTable]{
	table: &routeTables, prefix: "rtb", arn: "route-table", code: "InvalidRouteTableID.", text: "The routeTable ID '%s' does not exist",
	head: func(t *RouteTable) *Head { return &t.Head }, vpc: func(t *RouteTable) string { return t.VPC }, facts: routeTableFacts,
}

func routeTableFacts(l look, t *RouteTable, filter string) (out []string, ok bool, err error) {
	if name, about := strings.CutPrefix(filter, "association."); about {
		for _, a := range t.Associations {
			switch name {
			case "main":
				out = append(out, word(a.Main))
			case "route-table-association-id":
				out = append(out, a.ID)
			case "route-table-id":
				out = append(out, t.ID)
			case "subnet-id":
				out = append(out, given(a.Subnet)...)
			case "gateway-id":
			default:
				return nil, false, nil
			}
		}
		return out, true, nil
	}
	if name, about := strings.CutPrefix(filter, "route."); about {
		routes, err := t.describeRoutes(l)
		if err != nil {
			return nil, true, err
		}
		for _, r := range routes {
			value, ok := routeFact(r, name)
			if !ok {
				return nil, false, nil
			}
			out = append(out, given(value)...)
		}
		return out, true, nil
	}
	switch filter {
	case "route-table-id":
		return []string{t.ID}, true, nil
	case "vpc-id":
		return []string{t.VPC}, true, nil
	}
	return nil, false, nil
}

func routeFact(r types.Route, name string) (string, bool) {
	switch name {
	case "destination-cidr-block":
		return text(r.DestinationCidrBlock), true
	case "gateway-id":
		return text(r.GatewayId), true
	case "nat-gateway-id":
		return text(r.NatGatewayId), true
	case "transit-gateway-id":
		return text(r.TransitGatewayId), true
	case "vpc-peering-connection-id":
		return text(r.VpcPeeringConnectionId), true
	case "origin":
		return string(r.Origin), true
	case "state":
		return string(r.State), true
	case "destination-ipv6-cidr-block", "destination-prefix-list-id", "egress-only-internet-gateway-id", "instance-id":
		return "", true
	}
	return "", false
}

// main tells whether the network's subnets have the table by default.
func (t *RouteTable) main() bool {
	return slices.ContainsFunc(t.Associations, func(a Association) bool { return a.Main })
}

// route is the place of the route to exactly this range, or -1.
func (t *RouteTable) route(p netip.Prefix) int {
	return slices.IndexFunc(t.Routes, func(r Route) bool { return prefixOf(r.CIDR) == p })
}

func (t *RouteTable) describe(l look) (types.RouteTable, error) {
	routes, err := t.describeRoutes(l)
	out := types.RouteTable{
		RouteTableId: &t.ID, VpcId: &t.VPC, OwnerId: &l.sc.Account, Tags: tagList(t.Tags), Routes: routes,
		Associations: []types.RouteTableAssociation{}, PropagatingVgws: []types.PropagatingVgw{},
	}
	for _, a := range t.Associations {
		out.Associations = append(out.Associations, types.RouteTableAssociation{
			RouteTableAssociationId: &a.ID, RouteTableId: &t.ID, Main: &a.Main, SubnetId: api.Optional(a.Subnet),
			AssociationState: &types.RouteTableAssociationState{State: types.RouteTableAssociationStateCodeAssociated},
		})
	}
	for _, id := range t.Propagating {
		out.PropagatingVgws = append(out.PropagatingVgws, types.PropagatingVgw{GatewayId: new(id)})
	}
	return out, err
}

// describeRoutes are the network's own routes and those that were made.
func (t *RouteTable) describeRoutes(l look) ([]types.Route, error) {
	v, err := vpcNoun.get(l, t.VPC)
	if err != nil {
		return nil, err
	}
	out := []types.Route{}
	for _, b := range v.Blocks {
		out = append(out, types.Route{DestinationCidrBlock: new(b.CIDR), GatewayId: new("local"), Origin: types.RouteOriginCreateRouteTable, State: types.RouteStateActive})
	}
	routes, own, err := t.all(l)
	if err != nil {
		return nil, err
	}
	for i, r := range routes {
		one := types.Route{DestinationCidrBlock: new(r.CIDR), Origin: types.RouteOriginCreateRoute, State: types.RouteStateBlackhole}
		if i >= own {
			one.Origin = types.RouteOriginEnableVgwRoutePropagation
		}
		leads, err := leads(l, r.Target, t.VPC)
		if err != nil {
			return nil, err
		}
		if leads {
			one.State = types.RouteStateActive
		}
		switch kind, _, _ := strings.Cut(r.Target, "-"); kind {
		case "nat":
			one.NatGatewayId = new(r.Target)
		case "pcx":
			one.VpcPeeringConnectionId = new(r.Target)
		case "tgw":
			one.TransitGatewayId = new(r.Target)
		default:
			one.GatewayId = new(r.Target)
		}
		out = append(out, one)
	}
	return out, nil
}

// all are the routes that were made, own in number, and those that came by
// themselves. To the same range those that were made go before.
func (t *RouteTable) all(l look) (routes []Route, own int, err error) {
	came, err := propagated(l, t.VPC, t.Propagating)
	routes = slices.Clone(t.Routes)
	for _, r := range came {
		if !slices.ContainsFunc(routes, func(o Route) bool { return o.CIDR == r.CIDR }) {
			routes = append(routes, r)
		}
	}
	return routes, len(t.Routes), err
}

// changeTable changes a route table in one transaction.
func (s *Service) changeTable(l look, id *string, change func(t *RouteTable) error) error {
	t, err := routeTableNoun.get(l, text(id))
	if err != nil {
		return err
	}
	if err := change(t); err != nil {
		return err
	}
	return routeTableNoun.put(l, t)
}

// tableWith finds the route table that has an association, and its place.
func tableWith(l look, id string) (*RouteTable, int, error) {
	all, err := routeTableNoun.all(l)
	for _, t := range all {
		if i := slices.IndexFunc(t.Associations, func(a Association) bool { return a.ID == id }); i >= 0 {
			return t, i, nil
		}
	}
	if err != nil {
		return nil, 0, err
	}
	return nil, 0, fault("InvalidAssociationID.NotFound", "The association ID '%s' does not exist", id)
}
